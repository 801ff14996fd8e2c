package io.saccade.video;

import java.time.Duration;

/**
 * What decoding found out about a video. Only the frame rate is taken from a header, which may be
 * wrong.
 *
 * @param container FFmpeg's name of the container format, for instance {@code matroska,webm}
 * @param codec FFmpeg's name of the codec, for instance {@code h264}
 * @param codedWidth width in pixels of the first frame as decoded
 * @param codedHeight height in pixels of the first frame as decoded
 * @param displayWidth width of the first frame once oriented for display
 * @param displayHeight height of the first frame once oriented for display
 * @param rotationDegrees clockwise turn applied for display: 0, 90, 180 or 270
 * @param mirrored whether the picture was mirrored left to right before that turn
 * @param frameCount n, the number of frames that a player shows of the video, or of the range if
 *     one was set
 * @param keyFrames number of packets read that are marked as key frames
 * @param averageFrameRate frames per second as the container states or FFmpeg estimates it, 0 if
 *     unknown
 * @param duration time from the first frame to the end of the last one
 * @param firstPts presentation time of the first of the n frames
 * @param lastPts presentation time of the last of the n frames
 * @param decodeTime wall-clock time spent reading and decoding
 * @param resizeTime wall-clock time spent on colour conversion, orientation and resize
 */
public record SourceFacts(
    String container,
    String codec,
    int codedWidth,
    int codedHeight,
    int displayWidth,
    int displayHeight,
    int rotationDegrees,
    boolean mirrored,
    int frameCount,
    int keyFrames,
    double averageFrameRate,
    Duration duration,
    Duration firstPts,
    Duration lastPts,
    Duration decodeTime,
    Duration resizeTime) {}
