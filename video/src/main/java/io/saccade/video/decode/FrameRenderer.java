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

/**
 * Turns decoded frames into square RGB pictures: colour by swscale's default conversion at full
 * size, orientation by the display matrix, then Pillow's resize. Frames may differ in size.
 */
public final class FrameRenderer implements AutoCloseable {
  private static final int CHANNELS = 3;

  /** FFmpeg's AV_FRAME_FLAG_INTERLACED and _TOP_FIELD_FIRST, macros that the Java presets lack. */
  private static final int FIELD_FLAGS = (1 << 3) | (1 << 4);

  private final int imageSize;
  private final ResizeRule rule;
  private final SwsContext colours;
  private final AVFrame picture;
  private ByteBuffer pixels;
  private PillowBicubic resizer;
  private int resizerWidth;
  private int resizerHeight;

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
   * @param frameIndex for the error message
   * @return uint8 [imageSize, imageSize, 3] RGB, a new array
   */
  public byte[] render(AVFrame frame, int frameIndex) throws VideoException {
    int width = frame.width();
    int height = frame.height();
    fitPicture(width, height);
    adoptScan(frame);
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
                    pixels.get(
                        y * stride + first * CHANNELS,
                        row,
                        first * CHANNELS,
                        (end - first) * CHANNELS)
                : new OrientedRows(pixels, stride, width, height, orientation));
  }

  /**
   * Asks for a change of colour model only: fields stay fields, and without primaries and transfer
   * curve swscale maps no gamut and no tones.
   */
  private void adoptScan(AVFrame frame) {
    picture.flags(frame.flags() & FIELD_FLAGS);
    frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
    frame.color_trc(AVCOL_TRC_UNSPECIFIED);
  }

  /** Makes {@link #picture} a buffer for frames of this size, kept while the size stays. */
  private void fitPicture(int width, int height) {
    if (pixels != null && picture.width() == width && picture.height() == height) {
      return;
    }
    av_frame_unref(picture);
    picture.format(AV_PIX_FMT_RGB24);
    picture.width(width);
    picture.height(height);
    if (av_frame_get_buffer(picture, 0) < 0) {
      throw new OutOfMemoryError("no native memory for a %dx%d picture".formatted(width, height));
    }
    pixels = picture.data(0).capacity((long) picture.linesize(0) * height).asByteBuffer();
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
