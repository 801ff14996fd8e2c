package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.Window;
import org.junit.jupiter.api.Test;

final class DigestsTest {

  @Test
  void idsAreTheSameInEveryVersion() {
    Failure failure = Failure.newBuilder().setMessage("x").build();
    Window window = Window.newBuilder().setSession("ab").setNumber(7).build();
    assertThat(Digests.of()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb924");
    assertThat(Digests.of(failure)).isEqualTo("52ad2b770705d7e28d4c7104b4578b15");
    assertThat(Digests.of(failure, window)).isEqualTo("7408895eeb2b5eaef0fe789a7ece3926");
  }
}
