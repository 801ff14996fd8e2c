package io.saccade.sampler.record;

import io.saccade.proto.Times;
import io.saccade.video.SourceFacts;

/** What manifests of files and of windows share. */
public final class Manifests {

  private Manifests() {}

  /** What is known of a source, in the contract's words. */
  public static io.saccade.proto.v1.SourceFacts source(SourceFacts facts) {
    return io.saccade.proto.v1.SourceFacts.newBuilder()
        .setContainer(facts.container())
        .setCodec(facts.codec())
        .setWidth(facts.displayWidth())
        .setHeight(facts.displayHeight())
        .setRotation(facts.rotationDegrees())
        .setFrameCount(facts.frameCount())
        .setDuration(Times.proto(facts.duration()))
        .setFrameRate(facts.averageFrameRate())
        .build();
  }
}
