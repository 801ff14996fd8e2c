package io.saccade.video.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.saccade.video.Picture;
import io.saccade.video.ResizeRule;
import io.saccade.video.SharedMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares with the results of Pillow for the same pictures, bit by bit. */
class PillowBicubicTest {
  private static final Path OWN = Path.of("src", "test", "resources", "preprocess");

  @TestFactory
  Stream<DynamicTest> equalsPillow() {
    return comparisons(OWN);
  }

  @TestFactory
  Stream<DynamicTest> equalsPillowOnSharedPictures() {
    return comparisons(SharedMaterial.folder("vectors").resolve("preprocess"));
  }

  private static Stream<DynamicTest> comparisons(Path folder) {
    return Stream.of(
            "nasa", "nasa_portrait", "checker_333x187", "tiny_50x40", "square_200", "wide_640x90")
        .flatMap(
            name ->
                Stream.of(128, 224)
                    .flatMap(
                        size ->
                            Stream.of(
                                comparison(
                                    folder,
                                    name,
                                    "clip",
                                    size,
                                    ResizeRule.SHORTEST_EDGE_CENTER_CROP),
                                comparison(folder, name, "siglip", size, ResizeRule.SQUASH))))
        .flatMap(List::stream);
  }

  private static List<DynamicTest> comparison(
      Path folder, String name, String processor, int size, ResizeRule rule) {
    Path expected = folder.resolve("%s.%s%d.png".formatted(name, processor, size));
    if (!Files.exists(expected)) {
      return List.of();
    }
    return List.of(
        DynamicTest.dynamicTest(
            expected.getFileName().toString(),
            () -> {
              Picture source = Picture.read(folder.resolve(name + ".png"));
              PillowBicubic resizer =
                  new PillowBicubic(source.width(), source.height(), size, rule);
              assertThat(
                      Picture.meanDifference(
                          resizer.resize(source.rgb()), Picture.read(expected).rgb()))
                  .isZero();
            }));
  }

  @Test
  void aResizerCanBeUsedAgain() {
    Picture source = Picture.read(OWN.resolve("tiny_50x40.png"));
    PillowBicubic resizer = new PillowBicubic(50, 40, 32, ResizeRule.SQUASH);
    byte[] first = resizer.resize(source.rgb());
    resizer.resize(new byte[50 * 40 * 3]);
    assertThat(resizer.resize(source.rgb())).isEqualTo(first);
  }

  @Test
  void samePixelsWhereNothingChanges() {
    byte[] picture = new byte[16 * 16 * 3];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (byte) (i * 31);
    }
    assertThat(new PillowBicubic(16, 16, 16, ResizeRule.SQUASH).resize(picture)).isEqualTo(picture);
  }

  @Test
  void readsOnlyWhatTheCropKeeps() {
    int[] span = {Integer.MAX_VALUE, 0};
    new PillowBicubic(100, 1000, 10, ResizeRule.SHORTEST_EDGE_CENTER_CROP)
        .resize(
            (y, row, first, end) -> {
              span[0] = Math.min(span[0], y);
              span[1] = Math.max(span[1], y);
            });
    // Rows 45 to 54 of 100, each of which needs 20 source rows on either side of its centre.
    assertThat(span).containsExactly(435, 564);
  }

  @Test
  void extremeShapesNeedLittleMemory() {
    PillowBicubic resizer = new PillowBicubic(16, 1 << 20, 2048, ResizeRule.SQUASH);
    byte[] square = resizer.resize((y, row, first, end) -> Arrays.fill(row, (byte) 100));
    assertThat(square[0]).isEqualTo((byte) 100);
  }

  @Test
  void refusesEmptyPictures() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PillowBicubic(0, 5, 16, ResizeRule.SQUASH))
        .withMessage("cannot resize 0x5 to 16; all three must be positive");
  }
}
