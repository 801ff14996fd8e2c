package io.saccade.model.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which stored names a logical name has in the checkpoints of an architecture: a table of
 * beginnings.
 *
 * <p>An entry maps the beginning of a logical name, up to a dot or the name's end, to the stored
 * beginning; what follows is kept. The longest entry that fits is used. In both {@code {}} stands
 * for a number, such as that of a layer: {@code layers.{}.q} to {@code layers.{}.self_attn.q_proj}
 * maps {@code layers.7.q.bias} to {@code layers.7.self_attn.q_proj.bias}.
 */
public final class TensorNames {
  private static final String NUMBER = "{}";

  /** Stored beginnings by logical ones; the first of them is used in new files. */
  private final Map<String, List<String>> entries = new LinkedHashMap<>();

  /** Begins with an empty table. */
  public TensorNames() {}

  /**
   * Adds an entry.
   *
   * @param logical the beginning of a logical name
   * @param stored the stored beginnings that checkpoints have, at least one; the first is used in
   *     new files
   * @return this table
   */
  public TensorNames with(String logical, String... stored) {
    entries.put(logical, List.of(stored));
    return this;
  }

  /**
   * Adds all entries of a part's table, which are without the part's place in a checkpoint.
   *
   * @param logical put before its logical beginnings
   * @param stored put before its stored beginnings
   * @return this table
   */
  public TensorNames with(String logical, String stored, TensorNames part) {
    part.entries.forEach(
        (name, names) ->
            entries.put(logical + name, names.stream().map(other -> stored + other).toList()));
    return this;
  }

  /**
   * The stored names of a tensor.
   *
   * @throws IllegalStateException if the table has none, which is an architecture's mistake
   */
  public List<String> stored(String logical) {
    String[] pieces = logical.split("\\.");
    for (int count = pieces.length; count > 0; count--) {
      Optional<List<String>> found = stored(pieces, count);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException("The architecture has no stored name for tensor " + logical);
  }

  /** The stored names by the entry of the first pieces of a logical name, if there is one. */
  private Optional<List<String>> stored(String[] pieces, int count) {
    StringBuilder key = new StringBuilder();
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean number = pieces[i].chars().allMatch(Character::isDigit);
      if (number) {
        numbers.add(pieces[i]);
      }
      key.append(i == 0 ? "" : ".").append(number ? NUMBER : pieces[i]);
    }
    StringBuilder rest = new StringBuilder();
    for (int i = count; i < pieces.length; i++) {
      rest.append('.').append(pieces[i]);
    }
    return Optional.ofNullable(entries.get(key.toString()))
        .map(names -> names.stream().map(name -> filled(name, numbers) + rest).toList());
  }

  private static String filled(String name, List<String> numbers) {
    String filled = name;
    for (String number : numbers) {
      int at = filled.indexOf(NUMBER);
      filled = filled.substring(0, at) + number + filled.substring(at + NUMBER.length());
    }
    return filled;
  }
}
