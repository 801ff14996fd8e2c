/**
 * What a checkpoint's JSON files and tensor headers say, as checked values: settings, tensor names,
 * shapes and types.
 *
 * <p>The lowest floor of the module: it uses no other package of it.
 */
package io.saccade.model.config;
