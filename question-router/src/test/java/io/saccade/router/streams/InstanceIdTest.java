package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstanceIdTest {

  @TempDir private Path dir;

  @Test
  void instanceIsNamedByItsStateFolder() throws Exception {
    Path state = dir.resolve("state");
    String id = InstanceId.of(state);
    assertThat(InstanceId.of(state)).isEqualTo(id);
    assertThat(InstanceId.of(dir.resolve("other"))).isNotEqualTo(id);
    Files.writeString(state.resolve("router-instance"), "half wri");
    assertThat(InstanceId.of(state)).isNotEqualTo(id);
  }

  @Test
  void stateFolderMustBeAFolder() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> InstanceId.of(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("state-dir=");
  }
}
