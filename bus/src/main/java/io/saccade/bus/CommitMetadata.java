package io.saccade.bus;

import static java.util.stream.Collectors.joining;

import io.saccade.bus.RecordState.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a member of a group tells the next owner of a partition, even if it dies: where it is, and
 * what it was doing. Kept as an offset and its metadata.
 *
 * <p>{@code saccade-1 90 b0-7,d9,s12*2} with offset 100: the group's own offset was 90 or later,
 * all records before 100 are done, those at 100 to 107 are under way, 109 is done, and 112 is a
 * suspect after two crashes.
 *
 * @param committed the group's offset, as far as its commit was acknowledged; -1 if none was
 * @param base the first record that is not done; -1 if nothing is known
 * @param notes by offset, none before {@code base}
 */
record CommitMetadata(long committed, long base, NavigableMap<Long, RecordState> notes) {

  /** From nobody. */
  static final CommitMetadata NONE = new CommitMetadata(-1, -1, Collections.emptyNavigableMap());

  /** Kafka's default limit of a commit's metadata, {@code offset.metadata.max.bytes}. */
  static final int MAX_LENGTH = 4096;

  /** How far from the base a record may be noted. */
  static final int MAX_DISTANCE = 9_999;

  private static final String HEADER = "saccade-1 ";
  private static final Pattern METADATA =
      Pattern.compile(Pattern.quote(HEADER) + "(-1|[0-9]{1,18}) ([a-z0-9*,-]*)");
  private static final Pattern RUN =
      Pattern.compile("([a-z])([0-9]{1,4})(?:-([0-9]{1,4}))?(?:\\*([0-9]))?");
  private static final Map<State, String> LETTERS =
      Map.of(State.BEGUN, "b", State.SUSPECT, "s", State.ALONE, "a", State.DONE, "d");

  /**
   * The metadata. Where it would be too long those notes are left out first that only save work.
   */
  String metadata() {
    List<Run> runs = runs();
    String header = HEADER + committed + " ";
    int length = header.length() + runs.stream().mapToInt(run -> run.text().length() + 1).sum();
    for (boolean all : new boolean[] {false, true}) {
      for (int i = runs.size() - 1; i >= 0 && length > MAX_LENGTH; i--) {
        if (all || runs.get(i).note().isDone()) {
          length -= runs.remove(i).text().length() + 1;
        }
      }
    }
    return runs.stream().map(Run::text).collect(joining(",", header, ""));
  }

  /** Neighbours of which the same is known. */
  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    Run open = null;
    for (Map.Entry<Long, RecordState> entry : notes.headMap(base + MAX_DISTANCE, true).entrySet()) {
      int distance = (int) (entry.getKey() - base);
      RecordState note = entry.getValue();
      if (open != null && open.to() + 1 == distance && open.note().equals(note)) {
        open = new Run(open.from(), distance, note);
        runs.set(runs.size() - 1, open);
      } else {
        open = new Run(distance, distance, note);
        runs.add(open);
      }
    }
    runs.removeIf(run -> run.note().state() == State.FRESH);
    return runs;
  }

  /** What is known of a record. */
  RecordState note(long offset) {
    return offset < base ? RecordState.DONE : notes.getOrDefault(offset, RecordState.FRESH);
  }

  /**
   * Reads what another member wrote.
   *
   * @param position the group's offset, -1 for none; where that is before the one that was
   *     acknowledged, somebody has reset it to have records done again
   * @return {@link #NONE} if it is not Saccade's, or damaged, or was reset
   */
  static CommitMetadata read(long position, long base, String metadata) {
    Matcher matcher = METADATA.matcher(metadata);
    if (base < 0 || metadata.length() > MAX_LENGTH || !matcher.matches()) {
      return NONE;
    }
    long committed = Long.parseLong(matcher.group(1));
    TreeMap<Long, RecordState> notes = new TreeMap<>();
    String runs = matcher.group(2);
    for (String text : runs.isEmpty() ? new String[0] : runs.split(",", -1)) {
      Run run = Run.parse(text);
      if (run == null || run.to() < run.from() || isBehind(notes, base + run.from())) {
        return NONE;
      }
      for (int distance = run.from(); distance <= run.to(); distance++) {
        notes.put(base + distance, run.note());
      }
    }
    return position < committed ? NONE : new CommitMetadata(committed, base, notes);
  }

  private static boolean isBehind(TreeMap<Long, RecordState> notes, long offset) {
    return !notes.isEmpty() && offset <= notes.lastKey();
  }

  /** The same note from one distance to another, both included. */
  private record Run(int from, int to, RecordState note) {

    String text() {
      return LETTERS.get(note.state())
          + from
          + (to > from ? "-" + to : "")
          + (note.crashes() > 0 ? "*" + note.crashes() : "");
    }

    /** The run, or null. */
    static Run parse(String text) {
      Matcher matcher = RUN.matcher(text);
      if (!matcher.matches()) {
        return null;
      }
      int from = Integer.parseInt(matcher.group(2));
      int to = matcher.group(3) == null ? from : Integer.parseInt(matcher.group(3));
      int crashes = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
      return LETTERS.entrySet().stream()
          .filter(entry -> entry.getValue().equals(matcher.group(1)))
          .map(entry -> new Run(from, to, new RecordState(entry.getKey(), crashes)))
          .findAny()
          .orElse(null);
    }
  }
}
