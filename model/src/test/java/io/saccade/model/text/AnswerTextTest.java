package io.saccade.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.model.TestData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Text as its tokens come, in the vocabulary of a byte-level tokenizer. */
class AnswerTextTest {
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = TextTokenizer.load(TestData.randomCheckpoint(), 600, List.of());
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static List<String> parts(List<Long> ids, String... stops) {
    AnswerText text = new AnswerText(tokenizer, List.of(stops));
    List<String> parts = new ArrayList<>();
    for (long id : ids) {
      boolean ended = text.append(id);
      parts.add(text.take());
      if (ended) {
        break;
      }
    }
    text.end();
    parts.add(text.take());
    assertThat(String.join("", parts)).isEqualTo(text.toString());
    return parts;
  }

  @Test
  void givesWholeCharactersOnly() {
    List<Long> ids = tokenizer.encode("a\u00e9\u6f22\ud83d\ude00b");
    assertThat(ids.size()).isGreaterThan(5);
    assertThat(parts(ids)).allMatch(part -> !part.contains("\uFFFD"));
    assertThat(String.join("", parts(ids))).isEqualTo("a\u00e9\u6f22\ud83d\ude00b");
  }

  @Test
  void agreesWithAllTokensDecodedTogether() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      List<Long> ids = random.longs(60, 0, 420).boxed().toList();
      assertThat(String.join("", parts(ids))).isEqualTo(tokenizer.decode(ids));
    }
  }

  @Test
  void holdsBackWhatMayBecomeAStopString() {
    List<Long> ids = ids("x", "E", "N", "y", "E", "N", "D", "z");
    assertThat(parts(ids, "END")).containsExactly("x", "", "", "ENy", "", "", "", "");
    assertThat(String.join("", parts(ids("x", "E", "N"), "END"))).isEqualTo("xEN");
  }

  @Test
  void endsBeforeTheFirstStopString() {
    assertThat(String.join("", parts(ids("a", "b", "c", "d"), "cd", "b"))).isEqualTo("a");
    assertThat(String.join("", parts(ids("a", "b", "c", "d"), "cd", "d"))).isEqualTo("ab");
    assertThat(String.join("", parts(ids("a", "a", "a", "b"), "aab"))).isEqualTo("a");
  }

  private static List<Long> ids(String... letters) {
    List<Long> ids = new ArrayList<>();
    for (String letter : letters) {
      ids.addAll(tokenizer.encode(letter));
    }
    return ids;
  }
}
