/**
 * The network as one TorchScript module, written from the sources beside this package, and the only
 * code that calls PyTorch.
 *
 * <p>It uses the config, architecture and text packages; every array it returns belongs to the
 * caller's memory scope.
 */
package io.saccade.model.graph;
