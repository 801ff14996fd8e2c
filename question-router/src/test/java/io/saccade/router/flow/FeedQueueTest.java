package io.saccade.router.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.router.flow.FeedQueue.Lane;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FeedQueueTest {

  private final FeedQueue<String> queue = new FeedQueue<>();

  private static Lane lane(String video, String standing) {
    return new Lane(video, standing);
  }

  private String next() {
    return queue.poll(item -> true).orElse("none");
  }

  @Test
  void aLaneKeepsItsNewestItem() {
    assertThat(queue.offer(lane("v", "s"), "1")).isEmpty();
    assertThat(queue.offer(lane("v", "s"), "2")).contains("1");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(next()).isEqualTo("2");
    assertThat(next()).isEqualTo("none");
  }

  @Test
  void theLongestWaitingIsFirstAmongThoseNeverServed() {
    queue.offer(lane("a", "s"), "a1");
    queue.offer(lane("b", "s"), "b1");
    queue.offer(lane("a", "s"), "a2");
    assertThat(next()).isEqualTo("a2");
    assertThat(next()).isEqualTo("b1");
  }

  @Test
  void theFeedServedLongestAgoIsNext() {
    queue.offer(lane("a", "s"), "a");
    queue.offer(lane("b", "s"), "b");
    assertThat(next() + next()).isEqualTo("ab");
    queue.offer(lane("b", "s"), "b");
    queue.offer(lane("a", "s"), "a");
    assertThat(next() + next()).isEqualTo("ab");
  }

  @Test
  void standingQuestionsOfAFeedShareItsTurn() {
    StringBuilder served = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      queue.offer(lane("a", "1"), "x");
      queue.offer(lane("a", "2"), "y");
      queue.offer(lane("b", "1"), "b");
      served.append(next());
    }
    assertThat(served.toString()).isEqualTo("xbybxbybx");
  }

  @Test
  void itemsThatDoNotFitAreSkipped() {
    queue.offer(lane("a", "s"), "late");
    queue.offer(lane("b", "s"), "b");
    assertThat(queue.poll(item -> !item.equals("late"))).contains("b");
    assertThat(queue.poll(item -> !item.equals("late"))).isEmpty();
    assertThat(queue.isWaiting(lane("a", "s"))).isTrue();
  }

  @Test
  void aRemovedItemIsNotServed() {
    queue.offer(lane("a", "s"), "a");
    assertThat(queue.lanes()).containsExactly(lane("a", "s"));
    assertThat(queue.remove(lane("a", "s"))).contains("a");
    assertThat(queue.remove(lane("a", "s"))).isEmpty();
    assertThat(queue.size()).isZero();
  }

  @Test
  void sharesAreEqualHoweverOftenAFeedAsks() {
    Random random = new Random(7);
    Map<String, Integer> shares = new HashMap<>();
    for (int turn = 0; turn < 3_000; turn++) {
      for (int feed = 0; feed < 10; feed++) {
        // Feed 9 has windows ten times as often as feed 0, and each feed more often than it is
        // served.
        if (random.nextInt(10) <= feed) {
          queue.offer(lane("f" + feed, "s"), "f" + feed);
        }
      }
      Optional<String> served = turn % 3 == 0 ? queue.poll(item -> true) : Optional.empty();
      served.ifPresent(feed -> shares.merge(feed, 1, Integer::sum));
    }
    assertThat(shares).hasSize(10);
    assertThat(shares.values()).allMatch(share -> share >= 85 && share <= 110);
  }
}
