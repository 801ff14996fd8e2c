package io.saccade.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What belongs to one architecture is known in its package only: names of tensors, keys of the
 * config, words of the prompt, and which towers there are.
 */
class ArchitectureBoundaryTest {
  private static final Path MAIN = Path.of("src", "main");
  private static final Path PACKAGE = Path.of("io", "saccade", "model", "architecture");
  private static final Path OWN = PACKAGE.resolve("slowfastqwen2");
  private static final Path TOWERS = PACKAGE.resolve("tower");

  /** Of the first architecture. */
  private static final Pattern OF_SLOW_FAST =
      Pattern.compile(
          "llava|model\\.layers|vision_tower|\\bmm_|cross_attn|fast_token_|tokenizer_model|lm_head"
              + "|im_start|im_end|endoftext|slowfastqwen2",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TOWER = Pattern.compile("convnext|siglip", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOWER_PACKAGE =
      Pattern.compile("import io\\.saccade\\.model\\.architecture\\.tower\\.");
  private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*\"");
  private static final Pattern SCRIPT_COMMENT = Pattern.compile("(?m)#.*$");

  @Test
  void onlyItsPackageNamesWhatIsAnArchitectures() {
    assertThat(sources(OWN).filter(file -> mentions(OF_SLOW_FAST, file))).isEmpty();
  }

  @Test
  void onlyTowersAndArchitecturesNameTowers() {
    assertThat(
            sources(OWN)
                .filter(file -> !file.startsWith(root(file).resolve(TOWERS)))
                .filter(file -> mentions(TOWER, file) || TOWER_PACKAGE.matcher(text(file)).find()))
        .isEmpty();
  }

  /** The test itself would see them: the package that is left out is full of them. */
  @Test
  void theArchitecturesPackageNamesThem() {
    List<Path> own =
        sources(Path.of("none")).filter(file -> file.startsWith(root(file).resolve(OWN))).toList();
    assertThat(own).anyMatch(file -> mentions(OF_SLOW_FAST, file) && mentions(TOWER, file));
  }

  /** All sources and resources but those of a package and the registry's entries. */
  private static Stream<Path> sources(Path leftOut) {
    return Stream.of("java", "resources")
        .map(MAIN::resolve)
        .flatMap(ArchitectureBoundaryTest::files)
        .filter(file -> !file.startsWith(root(file).resolve(leftOut)))
        .filter(file -> !file.startsWith(root(file).resolve("META-INF")));
  }

  private static Path root(Path file) {
    return file.subpath(0, MAIN.getNameCount() + 1);
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In a literal of Java, or outside of a script's comments. */
  private static boolean mentions(Pattern word, Path file) {
    String text = text(file);
    String code =
        file.toString().endsWith(".java")
            ? LITERAL.matcher(text).results().map(MatchResult::group).collect(Collectors.joining())
            : SCRIPT_COMMENT.matcher(text).replaceAll("");
    return word.matcher(code).find();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
