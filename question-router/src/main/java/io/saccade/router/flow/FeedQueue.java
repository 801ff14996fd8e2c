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
 * A fair queue of the windows that wait for a worker. Each pair of video and standing question has
 * a lane, which holds its newest window only. {@link #poll} takes a window of the feed that was
 * served least recently, and among the lanes of that feed from the one that was served least
 * recently. A feed with more windows or more standing questions therefore gets no larger share.
 *
 * <p>See decision 58 in {@code docs/decisions.md}.
 *
 * @param <T> the type of the waiting items
 */
final class FeedQueue<T> {

  /**
   * Number of feeds and of lanes whose last turn is kept. The least recently served is evicted
   * first and then counts as never served: it is next in both cases.
   */
  private static final int MAX_KEPT_TURNS = 10_000;

  private final Map<Lane, Entry<T>> entries = new HashMap<>();
  private final LastTurns<String> feeds = new LastTurns<>();
  private final LastTurns<Lane> lanes = new LastTurns<>();
  private long arrivals;

  /** The place of one standing question's windows of one video. */
  record Lane(String videoId, String standingId) {}

  private record Entry<T>(Lane lane, T item, long arrival) {}

  /** The number of each key's last turn, from 1; 0 if it never had one. */
  private static final class LastTurns<K> extends LinkedHashMap<K, Long> {

    private static final long serialVersionUID = 1;

    private long served;

    long of(K key) {
      return getOrDefault(key, 0L);
    }

    void next(K key) {
      remove(key);
      put(key, ++served);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
      return size() > MAX_KEPT_TURNS;
    }
  }

  /** Puts an item into a lane and returns the item that it replaces, if any. */
  Optional<T> offer(Lane lane, T item) {
    Entry<T> before = entries.get(lane);
    long arrival = before == null ? arrivals++ : before.arrival();
    entries.put(lane, new Entry<>(lane, item, arrival));
    return Optional.ofNullable(before).map(Entry::item);
  }

  /**
   * Removes and returns the next of the items that {@code fits} admits, which is a turn of its feed
   * and lane.
   */
  Optional<T> poll(Predicate<T> fits) {
    Optional<Entry<T>> next =
        entries.values().stream()
            .filter(candidate -> fits.test(candidate.item()))
            .min(
                Comparator.<Entry<T>>comparingLong(entry -> feeds.of(entry.lane().videoId()))
                    .thenComparingLong(entry -> lanes.of(entry.lane()))
                    .thenComparingLong(Entry::arrival));
    next.ifPresent(
        taken -> {
          entries.remove(taken.lane());
          feeds.next(taken.lane().videoId());
          lanes.next(taken.lane());
        });
    return next.map(Entry::item);
  }

  /** Removes and returns the item of a lane, if any; this is no turn. */
  Optional<T> remove(Lane lane) {
    return Optional.ofNullable(entries.remove(lane)).map(Entry::item);
  }

  /** Whether a lane has an item. */
  boolean isWaiting(Lane lane) {
    return entries.containsKey(lane);
  }

  /** The lanes with an item, in no order; a copy. */
  Collection<Lane> lanes() {
    return List.copyOf(entries.keySet());
  }

  /** Number of waiting items. */
  int size() {
    return entries.size();
  }
}
