package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FailureBudgetTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final FailureBudget budget = new FailureBudget(2, Duration.ofSeconds(1), nanos::get);

  @Test
  void isSpentByTooManyFailures() {
    assertThat(budget.allows()).isTrue();
    assertThat(budget.allows()).isTrue();
    assertThat(budget.allows()).isFalse();
  }

  @Test
  void isRestoredByTime() {
    budget.allows();
    budget.allows();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos() + 1);
    assertThat(budget.allows()).isTrue();
  }
}
