package io.saccade.router.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.streams.Samples;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SamplingRequestsTest {

  private static final Question QUESTION = Samples.question("v", "q");
  private static final VideoReference VIDEO = Samples.video("v");
  private static final SamplingProfile PROFILE = Samples.model("m").getProfile();

  private static String id(Question question, VideoReference video, SamplingProfile profile) {
    return SamplingRequests.of(question, video, profile).getClipId();
  }

  /** A change of ids makes every retained clip unknown, so it must be intended. */
  @Test
  void idIsPinned() {
    assertThat(id(QUESTION, VIDEO, PROFILE)).isEqualTo("13c2e0134c58e4b80e2d10e262af4c1f");
  }

  @Test
  void everythingThatChangesTheFramesChangesTheId() {
    TimeRange zero = TimeRange.newBuilder().setFrom(Durations.ZERO).build();
    TimeRange end = TimeRange.newBuilder().setTo(Durations.fromSeconds(1)).build();
    Set<String> ids = new HashSet<>();
    ids.add(id(QUESTION, VIDEO, PROFILE));
    ids.add(id(QUESTION, VIDEO.toBuilder().setVideoId("w").build(), PROFILE));
    ids.add(id(QUESTION, VIDEO.toBuilder().setUri("file:///x").build(), PROFILE));
    ids.add(id(QUESTION, VIDEO.toBuilder().setRange(zero).build(), PROFILE));
    ids.add(id(QUESTION, VIDEO.toBuilder().setRange(end).build(), PROFILE));
    ids.add(id(QUESTION.toBuilder().setFrames(5).build(), VIDEO, PROFILE));
    ids.add(id(QUESTION, VIDEO, PROFILE.toBuilder().setImageSize(57).build()));
    ids.add(id(QUESTION, VIDEO, PROFILE.toBuilder().setFastStride(2).build()));
    SamplingProfile byRate = PROFILE.toBuilder().setPolicy(SamplingPolicy.FPS).setRate(2).build();
    ids.add(id(QUESTION, VIDEO, byRate));
    ids.add(id(QUESTION, VIDEO, byRate.toBuilder().setPolicy(SamplingPolicy.FPS_FIRST).build()));
    ids.add(id(QUESTION, VIDEO, byRate.toBuilder().setRate(1).build()));
    assertThat(ids).hasSize(11);
  }

  @Test
  void questionsOwnRangeWinsEvenWhereItIsOpen() {
    TimeRange end = TimeRange.newBuilder().setTo(Durations.fromSeconds(1)).build();
    VideoReference cut = VIDEO.toBuilder().setRange(end).build();
    Question whole = QUESTION.toBuilder().setRange(TimeRange.getDefaultInstance()).build();
    SamplingRequest request = SamplingRequests.of(whole, cut, PROFILE);
    assertThat(request.hasRange()).isFalse();
    assertThat(request.getClipId()).isEqualTo(id(QUESTION, VIDEO, PROFILE));
    assertThat(SamplingRequests.of(QUESTION, cut, PROFILE).getRange()).isEqualTo(end);
  }

  @Test
  void whatTheQuestionAsksDoesNotMatter() {
    Question other = QUESTION.toBuilder().setText("How many?").setQuestionId("r").build();
    assertThat(id(other, VIDEO, PROFILE)).isEqualTo(id(QUESTION, VIDEO, PROFILE));
    Question same = QUESTION.toBuilder().setFrames(PROFILE.getFrames()).build();
    assertThat(id(same, VIDEO, PROFILE)).isEqualTo(id(QUESTION, VIDEO, PROFILE));
  }
}
