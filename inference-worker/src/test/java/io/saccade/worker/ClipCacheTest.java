package io.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.worker.FakeEngine.FakeClip;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClipCacheTest {

  private final ClipCache cache = new ClipCache(100);

  @Test
  void theLeastRecentlyUsedGoesFirstAndIsClosed() {
    FakeClip a = put("a", 40);
    FakeClip b = put("b", 40);
    assertThat(cache.get("a")).containsSame(a); // b is the elder now
    FakeClip c = put("c", 40);

    assertThat(cache.get("b")).isEmpty();
    assertThat(b.closed).isTrue();
    assertThat(cache.get("a")).containsSame(a);
    assertThat(cache.get("c")).containsSame(c);
    assertThat(a.closed || c.closed).isFalse();
    assertThat(cache.bytes()).isEqualTo(80);
  }

  @Test
  void aLargeOneTakesTheRoomOfSeveral() {
    List<FakeClip> small = List.of(put("a", 30), put("b", 30), put("c", 30));
    put("large", 70);

    assertThat(small).extracting(clip -> clip.closed).containsExactly(true, true, false);
    assertThat(cache.bytes()).isEqualTo(100);
  }

  @Test
  void oneLargerThanTheCacheStaysUntilTheNext() {
    FakeClip small = put("small", 10);
    FakeClip oversized = put("oversized", 1000);

    assertThat(small.closed).isTrue();
    assertThat(oversized.closed).isFalse();
    assertThat(cache.get("oversized")).containsSame(oversized);

    FakeClip next = put("next", 10);
    assertThat(oversized.closed).isTrue();
    assertThat(cache.get("oversized")).isEmpty();
    assertThat(next.closed).isFalse();
    assertThat(cache.bytes()).isEqualTo(10);
  }

  @Test
  void closingClosesAll() {
    FakeClip a = put("a", 40);
    FakeClip b = put("b", 40);
    cache.close();

    assertThat(a.closed && b.closed).isTrue();
    assertThat(cache.bytes()).isZero();
    assertThat(cache.get("a")).isEmpty();
  }

  private FakeClip put(String id, long bytes) {
    FakeClip clip = new FakeClip(bytes, List.of());
    cache.put(id, clip);
    return clip;
  }
}
