package io.saccade.worker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine saw of recent clips, bounded by bytes, least recently used out first. Owns its
 * clips. Confined to one thread.
 *
 * <p>Not a library's cache: those may turn a new entry away at once, and this one is about to be
 * read.
 */
final class ClipCache implements AutoCloseable {

  private final long capacity;
  private final Map<String, Engine.Clip> clips = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A cache of {@code capacity} bytes. */
  ClipCache(long capacity) {
    this.capacity = capacity;
  }

  Optional<Engine.Clip> get(String clipId) {
    return Optional.ofNullable(clips.get(clipId));
  }

  /**
   * Takes over a clip. It stays open until the next call of this method even where it alone exceeds
   * the capacity: the question it was made for is about to read it.
   */
  void put(String clipId, Engine.Clip clip) {
    makeRoom(clip.bytes());
    clips.put(clipId, clip);
    bytes += clip.bytes();
  }

  long bytes() {
    return bytes;
  }

  private void makeRoom(long wanted) {
    Iterator<Engine.Clip> eldest = clips.values().iterator();
    while (bytes + wanted > capacity && eldest.hasNext()) {
      Engine.Clip clip = eldest.next();
      eldest.remove();
      bytes -= clip.bytes();
      clip.close();
    }
  }

  @Override
  public void close() {
    clips.values().forEach(Engine.Clip::close);
    clips.clear();
    bytes = 0;
  }
}
