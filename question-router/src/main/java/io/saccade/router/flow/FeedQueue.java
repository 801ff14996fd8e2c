package io.saccade.router.flow;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Windows that wait to be asked about: of each standing question and video (a lane) the newest
 * alone. Served is the feed that was not served for the longest time, and of its lanes again the
 * one that was not, so that neither many short windows nor many standing questions buy a feed a
 * larger share.
 *
 * @param <T> what waits in a lane
 */
final class FeedQueue<T> {

  /**
   * Feeds and lanes whose last turn is remembered. The longest ago is forgotten first, which
   * changes nothing: who has not been served yet is next, too.
   */
  private static final int REMEMBERED = 10_000;

  private final Map<Lane, Waiting<T>> waiting = new HashMap<>();
  private final Turns<String> feeds = new Turns<>();
  private final Turns<Lane> lanes = new Turns<>();
  private long arrivals;

  /** The windows of one video, as one standing question is asked of them. */
  record Lane(String videoId, String standingId) {}

  private record Waiting<T>(Lane lane, T item, long arrival) {}

  /** When each was served last: from 1, 0 for never. */
  private static final class Turns<K> extends LinkedHashMap<K, Long> {

    private static final long serialVersionUID = 1;

    private long served;

    long last(K who) {
      return getOrDefault(who, 0L);
    }

    void take(K who) {
      remove(who);
      put(who, ++served);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
      return size() > REMEMBERED;
    }
  }

  /** Lets an item wait; the one that waited in its lane before, which does so no more. */
  Optional<T> offer(Lane lane, T item) {
    Waiting<T> before = waiting.get(lane);
    long arrival = before == null ? arrivals++ : before.arrival();
    waiting.put(lane, new Waiting<>(lane, item, arrival));
    return Optional.ofNullable(before).map(Waiting::item);
  }

  /** Takes the next item out of those that {@code fits} allows: its feed and lane are served. */
  Optional<T> poll(Predicate<T> fits) {
    Optional<Waiting<T>> next =
        waiting.values().stream()
            .filter(candidate -> fits.test(candidate.item()))
            .min(
                Comparator.<Waiting<T>>comparingLong(w -> feeds.last(w.lane().videoId()))
                    .thenComparingLong(w -> lanes.last(w.lane()))
                    .thenComparingLong(Waiting::arrival));
    next.ifPresent(
        taken -> {
          waiting.remove(taken.lane());
          feeds.take(taken.lane().videoId());
          lanes.take(taken.lane());
        });
    return next.map(Waiting::item);
  }

  /** Takes out what waits in a lane. */
  Optional<T> remove(Lane lane) {
    return Optional.ofNullable(waiting.remove(lane)).map(Waiting::item);
  }

  /** Whether something waits in a lane. */
  boolean isWaiting(Lane lane) {
    return waiting.containsKey(lane);
  }

  /** The lanes in which something waits, in no order; a copy. */
  Collection<Lane> lanes() {
    return List.copyOf(waiting.keySet());
  }

  /** How many items wait. */
  int size() {
    return waiting.size();
  }
}
