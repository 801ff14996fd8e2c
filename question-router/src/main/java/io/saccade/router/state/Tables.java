package io.saccade.router.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Operations on key-value stores. */
final class Tables {

  private Tables() {}

  /**
   * Deletes the entries of a table that a predicate selects.
   *
   * @param among the entries to test; closed before any is deleted
   */
  static <V> void delete(
      KeyValueStore<String, V> table, KeyValueIterator<String, V> among, Predicate<V> which) {
    List<String> keys = new ArrayList<>();
    try (among) {
      while (among.hasNext()) {
        KeyValue<String, V> entry = among.next();
        if (which.test(entry.value)) {
          keys.add(entry.key);
        }
      }
    }
    keys.forEach(table::delete);
  }
}
