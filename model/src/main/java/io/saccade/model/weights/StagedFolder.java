package io.saccade.model.weights;

import io.saccade.model.config.CheckpointException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that appears whole or not at all: it is filled beside its place under another name, and
 * then moved there. Without {@link #commit}, closing it or the end of the JVM removes it.
 */
public final class StagedFolder implements Closeable {
  private final Path target;
  private final Path staging;
  private final Thread cleanUp = new Thread(this::removeQuietly, "remove-staged-folder");

  /**
   * Makes the folder under its other name.
   *
   * @param target where it will be; absent or empty now
   * @param bytes that will be written
   * @throws CheckpointException if there is something, too little room, or no right to write
   */
  public StagedFolder(Path target, long bytes) {
    this.target = target.toAbsolutePath().normalize();
    Path parent = this.target.getParent();
    if (parent == null) {
      throw new CheckpointException(target + " cannot be written: name a new folder");
    }
    this.staging = parent.resolve(".%s.%s".formatted(this.target.getFileName(), UUID.randomUUID()));
    try {
      requireAbsentOrEmpty(target);
      Files.createDirectories(parent);
      requireRoom(parent, bytes);
      Files.createDirectory(staging);
    } catch (IOException e) {
      throw CheckpointException.unwritable(target, e);
    }
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  private static void requireAbsentOrEmpty(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new CheckpointException(target + " is a file: name a new folder");
    }
    try (Stream<Path> files = Files.list(target)) {
      if (files.findAny().isPresent()) {
        throw new CheckpointException(
            target + " is not empty: name a new folder, or remove what is in it");
      }
    }
  }

  private static void requireRoom(Path parent, long bytes) throws IOException {
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < bytes) {
      throw new CheckpointException(
          "%s has %d bytes free, and %d are needed: choose another disk"
              .formatted(parent, free, bytes));
    }
  }

  /** Where to write. */
  public Path path() {
    return staging;
  }

  /**
   * Moves the folder to its place.
   *
   * @throws CheckpointException if something else is there by now
   */
  public void commit() {
    try {
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw CheckpointException.unwritable(target, e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return; // the JVM ends: the hook runs
    }
    removeQuietly();
  }

  /** Nothing is worse for a file that stays. */
  private void removeQuietly() {
    if (!Files.isDirectory(staging)) {
      return;
    }
    try (Stream<Path> files = Files.list(staging)) {
      List<Path> left = files.toList();
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(staging);
    } catch (IOException | UncheckedIOException e) {
      return;
    }
  }
}
