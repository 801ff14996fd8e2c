/**
 * Follows live feeds: FeedFollower reads which ones this sampler has, Feeds keeps a Feed for each
 * source and profile, FeedConnection has its sessions, WindowCutter cuts them, WindowPublisher
 * writes the windows.
 *
 * <p>It uses the record package.
 */
package io.saccade.sampler.feed;
