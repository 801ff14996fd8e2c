package io.saccade.sampler.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.SamplingProfile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the rule of the models: s stride, m least number, T frames. */
class PathwaysTest {

  @Test
  void withoutAStrideEveryFrameIsFast() {
    assertThat(fast(16, 1, 4)).isEqualTo(range(16));
  }

  @Test
  void fewerFramesThanTheLeastAreAllFast() {
    assertThat(fast(5, 4, 6)).isEqualTo(range(5));
  }

  @Test
  void asManyFramesAsTheLeastAreAllFast() {
    assertThat(fast(6, 4, 6)).isEqualTo(range(6));
  }

  @Test
  void aStrideThatDividesTakesEveryNth() {
    assertThat(fast(64, 4, 1)).isEqualTo(IntStream.range(0, 16).mapToObj(i -> 4 * i).toList());
  }

  @Test
  void theLeastNumberWinsOverTheStride() {
    // k = max(10 / 5, 4) at int(i * 10 / 4)
    assertThat(fast(10, 5, 4)).containsExactly(0, 2, 5, 7);
  }

  @ParameterizedTest
  @CsvSource({"64,2,1", "64,3,16", "63,4,8", "7,3,2", "4096,7,5", "1,2,1", "17,16,3"})
  void followsTheRule(int frames, int stride, int least) {
    int k = Math.max(frames / stride, least);
    List<Integer> expected =
        frames < least
            ? range(frames)
            : IntStream.range(0, k).mapToObj(i -> (int) ((double) i * frames / k)).toList();

    assertThat(fast(frames, stride, least)).isEqualTo(expected);
  }

  @Test
  void aRecordAtSeveralPositionsIsFastIfOneOfThemIs() {
    Pathways pathways = new Pathways(profile(4, 1), 8); // fast at 0 and 4

    assertThat(pathways.of(1, 3)).isEqualTo(Pathway.SLOW);
    assertThat(pathways.of(1, 4)).isEqualTo(Pathway.BOTH);
    assertThat(pathways.of(5, 3)).isEqualTo(Pathway.SLOW);
  }

  private static List<Integer> fast(int frames, int stride, int least) {
    Pathways pathways = new Pathways(profile(stride, least), frames);
    return range(frames).stream()
        .filter(position -> pathways.of(position) == Pathway.BOTH)
        .toList();
  }

  private static List<Integer> range(int frames) {
    return IntStream.range(0, frames).boxed().toList();
  }

  private static SamplingProfile profile(int stride, int least) {
    return SamplingProfile.newBuilder().setFastStride(stride).setMinFastFrames(least).build();
  }
}
