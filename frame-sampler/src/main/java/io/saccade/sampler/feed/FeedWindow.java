package io.saccade.sampler.feed;

import io.saccade.sampler.record.SentFrame;
import java.time.Instant;
import java.util.List;

/**
 * A window of a session, ready to be published.
 *
 * @param session the session's name
 * @param number of the window in the session, from 0
 * @param from presentation time of its start, in nanoseconds since the session's first frame
 * @param to where it ends
 * @param begin when its first frame was received
 * @param end when its end was received
 * @param positions its frames in order, at least one; a frame may stand at several positions
 */
record FeedWindow(
    String session,
    long number,
    long from,
    long to,
    Instant begin,
    Instant end,
    List<SentFrame> positions) {}
