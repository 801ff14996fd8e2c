package io.saccade.model.architecture;

import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * Shape of a vision tower: what turns the pixels of a frame into a square grid of tokens.
 *
 * <p>A tower is a record of its shape and a file of TorchScript. The file has a method {@code
 * seal_tower}, which takes the tower's weights by their logical names, and {@code vision}, from
 * frames uint8 [c, S, S, 3] to tokens [c, p, C].
 */
public interface VisionTower {

  /** What reports call it, such as {@code siglip}. */
  String kind();

  /** S, side of an input frame in pixels. */
  int imageSize();

  /** Side of a frame's token grid, of which p is the square. */
  int grid();

  /** C, width of a token. */
  int channels();

  /** Blocks or layers of each stage. */
  List<Integer> depths();

  /** Elements of the largest activation of a frame. */
  long widestActivation();

  /** How a source frame becomes a square of {@link #imageSize}. */
  ResizeRule resizeRule();

  /** Mean of red, green and blue, where black is 0 and white 1. */
  List<Double> pixelMean();

  /** Standard deviation of red, green and blue. */
  List<Double> pixelStd();

  /** Every tensor that the tower needs, by logical names that begin with {@code tower.}. */
  List<TensorSpec> tensors();

  /** The files of TorchScript that run it. */
  List<ScriptFile> scripts();

  /** Values of the attributes that its files declare, without weights. */
  Map<String, Object> attributes();
}
