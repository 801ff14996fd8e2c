/**
 * What makes a record acceptable and what a refused one is answered with: checks without state.
 *
 * <p>It uses the root package alone.
 */
package io.saccade.router.rules;
