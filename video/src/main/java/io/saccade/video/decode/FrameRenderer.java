package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import io.saccade.video.ResizeRule;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.image.Orientation;
import io.saccade.video.image.OrientedRows;
import io.saccade.video.image.PillowBicubic;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.jspecify.annotations.Nullable;

/**
 * Renders decoded frames as square RGB pictures: colour conversion at full size by swscale's
 * default rules, orientation by the display matrix, then Pillow's resize. Frames may differ in
 * size. Not thread-safe; owns native memory. Public for the packages {@code sampling} and {@code
 * live} only.
 */
public final class FrameRenderer implements AutoCloseable {
  private static final int CHANNELS = 3;

  /** FFmpeg's AV_FRAME_FLAG_INTERLACED and _TOP_FIELD_FIRST, macros that the Java presets lack. */
  private static final int FIELD_FLAGS = (1 << 3) | (1 << 4);

  private final int imageSize;
  private final ResizeRule rule;
  private final SwsContext colours;
  private final AVFrame picture;
  private @Nullable ByteBuffer pixels;
  private @Nullable PillowBicubic resizer;
  private int resizerWidth;
  private int resizerHeight;

  /**
   * A renderer.
   *
   * @param imageSize edge of the pictures in pixels
   * @param rule how a frame becomes a square
   */
  public FrameRenderer(int imageSize, ResizeRule rule) {
    this.imageSize = imageSize;
    this.rule = rule;
    this.picture = Ffmpeg.allocated(av_frame_alloc());
    this.colours = Ffmpeg.allocated(sws_alloc_context());
    colours.flags(SWS_BILINEAR);
  }

  /**
   * Renders one frame.
   *
   * @param frameIndex index of the frame, for the message of a failure
   * @return uint8 [imageSize, imageSize, 3] RGB, a new array
   * @throws VideoException CORRUPT if the frame cannot be converted
   */
  public byte[] render(AVFrame frame, int frameIndex) throws VideoException {
    int width = frame.width();
    int height = frame.height();
    ByteBuffer source = picture(width, height);
    keepColoursAndFields(frame);
    int code = sws_scale_frame(colours, picture, frame);
    if (code < 0) {
      throw new VideoException(
          Category.CORRUPT,
          "frame %d cannot be converted to RGB (FFmpeg: %s)"
              .formatted(frameIndex, Ffmpeg.errorText(code)),
          frameIndex);
    }
    Orientation orientation = Orientation.of(frame);
    int stride = picture.linesize(0);
    return resizer(
            orientation.displayWidth(width, height), orientation.displayHeight(width, height))
        .resize(
            orientation.equals(Orientation.UPRIGHT)
                ? (y, row, first, end) ->
                    source.get(
                        y * stride + first * CHANNELS,
                        row,
                        first * CHANNELS,
                        (end - first) * CHANNELS)
                : new OrientedRows(source, stride, width, height, orientation));
  }

  /**
   * Limits the conversion to the colour model: the field flags are kept, and without primaries and
   * transfer curve swscale maps neither gamut nor tones.
   */
  private void keepColoursAndFields(AVFrame frame) {
    picture.flags(frame.flags() & FIELD_FLAGS);
    frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
    frame.color_trc(AVCOL_TRC_UNSPECIFIED);
  }

  /**
   * Returns the pixels of {@link #picture}, which is allocated again when the size of frames
   * changes.
   */
  private ByteBuffer picture(int width, int height) {
    ByteBuffer current = pixels;
    if (current != null && picture.width() == width && picture.height() == height) {
      return current;
    }
    av_frame_unref(picture);
    picture.format(AV_PIX_FMT_RGB24);
    picture.width(width);
    picture.height(height);
    if (av_frame_get_buffer(picture, 0) < 0) {
      throw new OutOfMemoryError("no native memory for a %dx%d picture".formatted(width, height));
    }
    ByteBuffer allocated =
        picture.data(0).capacity((long) picture.linesize(0) * height).asByteBuffer();
    pixels = allocated;
    return allocated;
  }

  private PillowBicubic resizer(int width, int height) {
    if (resizer == null || resizerWidth != width || resizerHeight != height) {
      resizer = new PillowBicubic(width, height, imageSize, rule);
      resizerWidth = width;
      resizerHeight = height;
    }
    return resizer;
  }

  @Override
  public void close() {
    sws_free_context(colours);
    av_frame_free(picture);
    pixels = null;
  }
}
