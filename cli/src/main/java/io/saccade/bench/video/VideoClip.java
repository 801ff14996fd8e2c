package io.saccade.bench.video;

import java.util.List;

/**
 * A clip that the bench makes for itself, with 30 frames a second and closed groups of pictures.
 *
 * @param name what the report calls it
 * @param width pixels, even
 * @param height pixels, even
 * @param drawn frames that are drawn and encoded
 * @param repeats how often these are shown in turn, at least 1; of whole groups of pictures
 * @param gop frames from key frame to key frame
 * @param bFrames frames in a row that nothing else is predicted from
 */
public record VideoClip(
    String name, int width, int height, int drawn, int repeats, int gop, int bFrames) {

  /** Frames a second. */
  static final int FRAME_RATE = 30;

  private static final int MINUTE = 60 * FRAME_RATE;

  /** x264's defaults. */
  private static final int B_FRAMES = 3;

  private static final int GOP = 250;

  /** The same, shortened to whole runs of B-frames, as other encoders do unasked. */
  private static final int GOP_OF_RUNS = GOP - GOP % (B_FRAMES + 1);

  /** By how much a clip shrinks for a quick look: each edge, and the numbers of frames. */
  private static final int QUICK_EDGE = 4;

  private static final int QUICK_FRAMES = 25;

  /** The clips of the published figures. */
  static List<VideoClip> standard() {
    return List.of(
        hd("720p-60s-b-frames", MINUTE, 1, GOP_OF_RUNS, B_FRAMES),
        hd("720p-60s", MINUTE, 1, GOP, 0),
        hd("720p-60s-gop-600", MINUTE, 1, 600, B_FRAMES),
        hd("720p-10min", 4 * GOP_OF_RUNS, 18, GOP_OF_RUNS, B_FRAMES),
        hd("720p-60s-one-gop", MINUTE, 1, MINUTE, 0),
        new VideoClip("4k-10s", 3840, 2160, 150, 2, 150, 0));
  }

  /** Clips of four seconds, for many samplings. */
  static List<VideoClip> shortOnes() {
    return List.of(hd("720p-4s-b-frames", 120, 1, 40, B_FRAMES), hd("720p-4s", 120, 1, 50, 0));
  }

  private static VideoClip hd(String name, int drawn, int repeats, int gop, int bFrames) {
    return new VideoClip(name, 1280, 720, drawn, repeats, gop, bFrames);
  }

  /** The same, but much smaller: shows that all is well, not how fast it is. */
  VideoClip quick() {
    return new VideoClip(
        name,
        width / QUICK_EDGE,
        height / QUICK_EDGE,
        drawn / QUICK_FRAMES,
        repeats,
        gop / QUICK_FRAMES,
        bFrames);
  }

  /** All frames of the clip. */
  int frames() {
    return drawn * repeats;
  }
}
