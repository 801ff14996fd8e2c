package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import io.saccade.video.decode.Ffmpeg;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PacketQueueTest {
  private static final int LARGE = 10 << 20;

  private final AVPacket packet = av_packet_alloc();
  private long now;

  @BeforeAll
  static void load() {
    Ffmpeg.load();
  }

  @AfterEach
  void free() {
    av_packet_free(packet);
  }

  @Test
  void nothingComesBeforeAKeyFrame() {
    try (PacketQueue queue = queue()) {
      put(queue, 1, false, 10);
      put(queue, 2, true, 10);
      put(queue, 3, false, 10);
      queue.end(null);

      assertThat(run(queue)).containsExactly(2L, 3L);
      assertThat(queue.resume()).isFalse();
    }
  }

  @Test
  void aQueueThatIsTooLargeIsDroppedUpToTheNextKeyFrame() {
    try (PacketQueue queue = queue()) {
      put(queue, 1, true, LARGE);
      put(queue, 2, false, LARGE);
      put(queue, 3, false, LARGE);
      put(queue, 4, false, LARGE);
      put(queue, 5, false, LARGE);
      put(queue, 6, true, 10);
      put(queue, 7, false, 10);
      queue.end(null);

      assertThat(run(queue)).isEmpty();
      assertThat(queue.resume()).isTrue();
      assertThat(run(queue)).containsExactly(6L, 7L);
      assertThat(queue.resume()).isFalse();
    }
  }

  @Test
  void dropsPacketsThatWaitTooLong() {
    try (PacketQueue queue = queue()) {
      put(queue, 1, true, 10);
      now += Duration.ofSeconds(9).toNanos();
      put(queue, 2, true, 10);
      now += Duration.ofSeconds(2).toNanos();
      put(queue, 3, false, 10);
      put(queue, 4, true, 10);
      queue.end(null);

      assertThat(run(queue)).isEmpty();
      assertThat(queue.resume()).isTrue();
      assertThat(run(queue)).containsExactly(4L);
    }
  }

  @Test
  void aSecondDropBeforeTheFirstIsResumedIsNotTheEnd() throws Exception {
    try (PacketQueue queue = queue()) {
      put(queue, 1, true, 10);
      now += Duration.ofSeconds(11).toNanos();
      put(queue, 2, true, 10);
      assertThat(queue.take(packet)).isFalse();
      now += Duration.ofSeconds(11).toNanos();
      put(queue, 3, false, 10);
      assertThat(queue.size()).as("dropped again").isZero();
      CompletableFuture<Boolean> resumed = new CompletableFuture<>();
      Thread decoder = new Thread(() -> resumed.complete(queue.resume()), "decoder");
      decoder.start();
      Awaitility.await().until(() -> resumed.isDone() || decoder.getState() == State.WAITING);

      put(queue, 4, true, 10);
      queue.end(null);

      assertThat(resumed.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(run(queue)).containsExactly(4L);
      assertThat(queue.resume()).isFalse();
    }
  }

  @Test
  void aSourceThatWaitsLosesNothing() throws Exception {
    try (PacketQueue queue = new PacketQueue(false, () -> now)) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 20; i++) {
                  put(queue, i, i == 0, LARGE);
                }
                queue.end(null);
              },
              task -> new Thread(task, "writer").start());
      Awaitility.await().until(() -> queue.size() == 4);

      assertThat(run(queue)).hasSize(20);
      writer.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void putEndsOnceTheQueueIsClosed() {
    PacketQueue queue = new PacketQueue(false, () -> now);
    put(queue, 1, true, 10);
    queue.close();

    assertThat(av_new_packet(packet, 10)).isZero();
    assertThat(queue.put(packet)).isFalse();
  }

  private PacketQueue queue() {
    return new PacketQueue(true, () -> now);
  }

  private static void put(PacketQueue queue, long pts, boolean key, int size) {
    AVPacket own = av_packet_alloc();
    assertThat(av_new_packet(own, size)).isZero();
    own.pts(pts).flags(key ? AV_PKT_FLAG_KEY : 0);
    assertThat(queue.put(own)).isTrue();
    av_packet_free(own);
  }

  private List<Long> run(PacketQueue queue) {
    List<Long> times = new ArrayList<>();
    while (queue.take(packet)) {
      times.add(packet.pts());
      av_packet_unref(packet);
    }
    return times;
  }
}
