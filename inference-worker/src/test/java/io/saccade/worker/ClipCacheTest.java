package io.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.graph.ModelMemoryException;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import io.saccade.worker.FakeEngine.FakeClip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClipCacheTest {

  private final FakeEngine engine = new FakeEngine();
  private final ClipCache cache = new ClipCache(100, Telemetry.none().metrics(MetricScope.WORKER));

  @Test
  void theLeastRecentlyUsedGoesFirstAndIsClosed() {
    FakeClip a = put("a", 40);
    FakeClip b = put("b", 40);
    assertThat(cache.contains("a")).isTrue(); // b is the elder now
    FakeClip c = put("c", 40);

    assertThat(cache.contains("b")).isFalse();
    assertThat(b.closed).isTrue();
    assertThat(a.closed || c.closed).isFalse();
    assertThat(cache.used()).isEqualTo(80);
  }

  @Test
  void aLargeOneTakesTheRoomOfSeveral() {
    List<FakeClip> small = List.of(put("a", 30), put("b", 30), put("c", 30));
    put("large", 70);

    assertThat(small).extracting(clip -> clip.closed).containsExactly(true, true, false);
    assertThat(cache.used()).isEqualTo(100);
  }

  @Test
  void oneLargerThanTheCacheStaysUntilTheNext() {
    FakeClip small = put("small", 10);
    FakeClip oversized = put("oversized", 1000);

    assertThat(small.closed).isTrue();
    assertThat(oversized.closed).isFalse();
    assertThat(cache.contains("oversized")).isTrue();

    FakeClip next = put("next", 10);
    assertThat(oversized.closed).isTrue();
    assertThat(next.closed).isFalse();
    assertThat(cache.used()).isEqualTo(10);
  }

  @Test
  void theSecondOfAnIdIsClosedAndTheFirstStays() {
    FakeClip first = put("a", 40);
    FakeClip second = put("a", 40);

    assertThat(first.closed).isFalse();
    assertThat(second.closed).isTrue();
    assertThat(cache.used()).isEqualTo(40);
  }

  @Test
  void heldMemoryDrivesOutWhatIsNotInUse() {
    FakeClip a = put("a", 60);
    FakeClip b = put("b", 30);
    ClipCache.Hold hold = hold(70);

    assertThat(a.closed).isTrue();
    assertThat(b.closed).isFalse();
    assertThat(cache.used()).isEqualTo(100);
    hold.close();
    hold.close(); // once is enough
    assertThat(cache.used()).isEqualTo(30);
  }

  @Test
  void aClipInUseStays() {
    put("idle", 30);
    FakeClip pinned = put("pinned", 50);
    ClipCache.Hold user = hold(10);
    user.pin("pinned");
    ClipCache.Hold other = hold(10);
    other.pin("pinned");
    user.close();

    assertThat(cache.hold(50, "none")).as("10 held, 50 pinned").isEmpty();
    assertThat(cache.contains("idle")).as("nothing is evicted for nothing").isTrue();
    assertThat(cache.hold(40, "none")).isPresent();
    assertThat(cache.contains("idle")).isFalse();
    assertThat(pinned.closed).isFalse();

    other.close();
    put("next", 40);
    assertThat(pinned.closed).isTrue();
  }

  @Test
  void theClipThatIsWantedIsNotDrivenOutByItsOwnUse() {
    FakeClip wanted = put("wanted", 60);
    ClipCache.Hold other = hold(20);

    assertThat(cache.hold(30, "wanted")).isEmpty();
    assertThat(wanted.closed).isFalse();
    other.close();
    assertThat(cache.hold(50, "wanted")).as("alone, beyond the budget").isPresent();
    assertThat(wanted.closed).isFalse();
  }

  @Test
  void whoIsAloneGetsAnyAmount() {
    ClipCache.Hold alone = hold(1000);

    assertThat(cache.hold(0, "none")).isEmpty();
    alone.close();
    assertThat(cache.hold(0, "none")).isPresent();
  }

  @Test
  void aPartOfAHoldIsAHold() {
    ClipCache.Hold whole = hold(90);
    ClipCache.Hold part = whole.split(60);
    whole.close();

    assertThat(cache.used()).isEqualTo(60);
    assertThat(cache.hold(50, "none")).isEmpty();
    part.close();
    assertThat(cache.used()).isZero();
  }

  @Test
  void whatFindsNoMemoryIsTriedOnceMoreWithoutIdleClips() {
    FakeClip idle = put("idle", 10);
    List<String> tries = new ArrayList<>();
    cache.retrying(
        () -> {
          tries.add("try");
          if (!idle.closed) {
            throw FakeEngine.noMemory();
          }
        });

    assertThat(tries).hasSize(2);
    assertThatExceptionOfType(ModelMemoryException.class)
        .isThrownBy(
            () ->
                cache.retrying(
                    () -> {
                      throw FakeEngine.noMemory();
                    }));
  }

  @Test
  void theBudgetShrinksToThreeQuartersOfWhatWasInUse() {
    ClipCache.Hold hold = hold(80);
    cache.shrink();
    assertThat(cache.budget()).isEqualTo(60);

    hold.close();
    ClipCache.Hold beyond = hold(200);
    cache.shrink();
    assertThat(cache.budget()).as("it never grows").isEqualTo(60);
    beyond.close();
  }

  @Test
  void closingClosesAll() {
    FakeClip a = put("a", 40);
    FakeClip b = put("b", 40);
    cache.close();

    assertThat(a.closed && b.closed).isTrue();
    assertThat(cache.used()).isZero();
    assertThat(cache.contains("a")).isFalse();
  }

  private ClipCache.Hold hold(long bytes) {
    Optional<ClipCache.Hold> hold = cache.hold(bytes, "none");
    assertThat(hold).isPresent();
    return hold.get();
  }

  @Test
  void aBudgetThatShrankGrowsBackSlowly() {
    FakeClip clip = put("a", 80);
    cache.shrink();
    assertThat(cache.budget()).isEqualTo(60);

    cache.grow();
    assertThat(cache.budget()).as("memory ran out just now").isEqualTo(60);
    cache.grow();
    assertThat(cache.budget()).isEqualTo(63);
    for (int i = 0; i < 100; i++) {
      cache.grow();
    }
    assertThat(cache.budget()).isEqualTo(100);
    assertThat(clip.closed).isFalse();
  }

  @Test
  void aPieceThatFoundNoMemoryAtFirstKeepsTheBudgetFromGrowing() {
    FakeClip clip = put("a", 80);
    cache.shrink();
    cache.grow();
    List<String> tried = new ArrayList<>();
    cache.retrying(
        () -> {
          tried.add("piece");
          if (tried.size() == 1) {
            throw FakeEngine.noMemory();
          }
        });

    cache.grow();

    assertThat(tried).hasSize(2);
    assertThat(clip.closed).isTrue();
    assertThat(cache.budget()).isEqualTo(60);
  }

  private FakeClip put(String id, long bytes) {
    FakeClip clip = engine.new FakeClip(bytes, List.of());
    cache.put(id, clip);
    return clip;
  }
}
