package io.saccade.sampler.feed;

/**
 * What a sampler's feeds are doing and have done since it started.
 *
 * @param following connections under way
 * @param windows published, with their manifest acknowledged
 * @param droppedWindows windows that were not published because too many bytes were in flight or
 *     the log refused a record
 * @param bytesInFlight bytes of frames that wait for the log's acknowledgement
 */
public record FeedStatistics(
    int following, long windows, long droppedWindows, long bytesInFlight) {}
