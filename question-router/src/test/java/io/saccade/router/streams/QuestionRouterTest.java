package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import io.saccade.bus.ConfigException;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterEvent;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The role without a broker; the pipeline tests of {@code cli} run it with one. */
final class QuestionRouterTest {

  @TempDir private Path stateDir;

  /** Nothing listens on port 1. */
  private RouterConfig unreachable() {
    Map<String, String> impatient =
        Map.of("default.api.timeout.ms", "200", "request.timeout.ms", "200", "max.block.ms", "200");
    return RouterConfig.defaults(new BusConfig("localhost:1", "test.", impatient), stateDir);
  }

  @Test
  void brokerThatDoesNotAnswerIsNamed() {
    try (QuestionRouter router = new QuestionRouter(unreachable())) {
      assertThatThrownBy(router::start)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("bootstrap-servers=localhost:1");
      assertThat(router.stopped().toCompletableFuture()).isCompleted();
      assertThat(router.isReady()).isFalse();
    }
  }

  @Test
  void closingTwiceIsFine() {
    QuestionRouter router = new QuestionRouter(unreachable());
    router.close();
    router.close();
    assertThat(router.stopped().toCompletableFuture()).isCompleted();
  }

  @Test
  void stateFolderIsUsedByOneRouter() {
    try (QuestionRouter first = new QuestionRouter(unreachable())) {
      assertThat(first.counters().get(RouterEvent.OPENED)).isZero();
      assertThatThrownBy(() -> new QuestionRouter(unreachable()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("state directory");
    }
  }
}
