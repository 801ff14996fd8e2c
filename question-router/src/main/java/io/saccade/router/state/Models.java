package io.saccade.router.state;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.ModelCard;
import io.saccade.router.rules.Failures;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The announced models. Every router reads all of them through a global table. Public for the
 * packages {@code flow} and {@code streams} only.
 */
public final class Models {

  /** The name of the global store. */
  public static final String MODELS = "announced-models";

  private final KeyValueStore<String, ModelCard> cards;
  private Map<String, ModelCard> seen = Map.of();

  Models(ProcessingContext context) {
    this.cards = context.getStateStore(MODELS);
  }

  /** The global store, rebuilt from its topic at each start. */
  public static StoreBuilder<KeyValueStore<String, ModelCard>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(MODELS),
            Serdes.String(),
            ProtoSerdes.trusted(ModelCard.parser()))
        .withLoggingDisabled();
  }

  /**
   * The model of this name; for an empty name, the only announced model. Empty if there is none.
   */
  public Optional<ModelCard> resolve(String name) {
    if (!name.isEmpty()) {
      return Optional.ofNullable(cards.get(name));
    }
    Map<String, ModelCard> all = all();
    return all.size() == 1 ? all.values().stream().findFirst() : Optional.empty();
  }

  /** The failure of a question for which {@link #resolve} finds no model. */
  public Failure unknown(String name) {
    Map<String, ModelCard> all = all();
    String problem =
        name.isEmpty() ? "the question names no model" : "no model \"" + name + "\" is announced";
    String remedy =
        all.isEmpty()
            ? "and no model is announced at all: start a worker"
            : "name one of " + String.join(", ", all.keySet());
    return Failures.of(FailureCode.MODEL_UNKNOWN, problem + (all.isEmpty() ? ", " : ": ") + remedy);
  }

  /** Whether the models differ from those at the previous call. */
  public boolean haveChanged() {
    Map<String, ModelCard> before = seen;
    seen = all();
    return !seen.equals(before);
  }

  private Map<String, ModelCard> all() {
    Map<String, ModelCard> all = new TreeMap<>();
    try (KeyValueIterator<String, ModelCard> entries = cards.all()) {
      entries.forEachRemaining(
          entry -> {
            // Another thread writes to the store: a card may be deleted during this iteration.
            if (entry.value != null) {
              all.put(entry.key, entry.value);
            }
          });
    }
    return all;
  }
}
