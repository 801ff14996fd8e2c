/**
 * Measures how the roles scale: workers, group members, one hot video, many feeds, overload.
 *
 * <p>It uses the option and local packages of the command line and the roles' modules.
 */
package io.saccade.bench.scale;
