package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.Graph;
import io.saccade.model.graph.KvBlocks;
import io.saccade.model.graph.ModuleSource;
import io.saccade.model.graph.TorchEngine;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the network on PyTorch's device without data, {@code meta}, for there is no GPU where tests
 * run. As on a GPU, most operators refuse a tensor of the host beside its own (joins and products
 * do not notice), and a value is read by a copy to the host; here that fails, there is none.
 */
class DevicePlacementTest {
  private static final List<Long> BEFORE = List.of(1L, 2L, 3L);
  private static final List<Long> TEXT = List.of(4L, 5L, 6L, 7L);

  /** What has no shapes there is stood in for by products of the same tensors and shapes. */
  private static final String SUBSTITUTES =
      """

        def convolved(self, x: Tensor, w: Tensor, b: Tensor, stride: List[int], padding: List[int],
                      dilation: List[int], groups: int) -> Tensor:
          y = torch.avg_pool2d(x, [w.size(2), w.size(3)], stride, padding)
          if groups > 1:
            return y * w.mean([1, 2, 3]).view([-1, 1, 1]) + b.view([-1, 1, 1])
          z = torch.matmul(w.mean([2, 3]), y.flatten(2)) + b.view([-1, 1])
          return z.view([y.size(0), -1, y.size(2), y.size(3)])

        def normed(self, x: Tensor, shape: List[int], w: Tensor, b: Tensor, epsilon: float) -> Tensor:
          return x * w + b

        def rows(self, w: Tensor, dim: int, index: Tensor) -> Tensor:
          return w[:1] * index.to(w.dtype).unsqueeze(1)

        def attention(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
          return torch.matmul(torch.softmax(torch.matmul(q, k.transpose(-2, -1)), -1), v)

        def masked(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
          return torch.matmul(torch.softmax(torch.matmul(q, k.transpose(-2, -1)) + mask, -1), v)
      """;

  @Test
  void onlyAnswersComeToTheHost() {
    onlyAnswersComeToTheHost(TestData.randomCheckpoint());
  }

  @Test
  void onlyAnswersComeToTheHostWithSiglip() {
    onlyAnswersComeToTheHost(TestData.shared().resolve("vectors/siglip/checkpoint"));
  }

  private static void onlyAnswersComeToTheHost(Path checkpoint) {
    try (Walk walk = new Walk(checkpoint, body -> body)) {
      assertThatNoException().isThrownBy(walk::read);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(walk::answer)
          .withMessageContaining("argmax(scores, 1).to(host)")
          .withMessageContaining("Cannot copy out of meta tensor");
    }
  }

  /** What the test above would see if the source forgot the device in one place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "position = torch.tensor(positions, dtype=4, device=device) | position = torch.tensor(positions, dtype=4)",
        "dtype=4, device=w.device | dtype=4",
        "dtype=6, device=w.device | dtype=6",
      })
  void seesAForgottenDevice(String right, String wrong) {
    try (Walk walk = new Walk(TestData.randomCheckpoint(), body -> body.replace(right, wrong))) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(walk::read)
          .withMessageContaining("same device");
    }
  }

  /** A model on that device. */
  private static final class Walk implements AutoCloseable {
    private final NDManager manager = TorchEngine.newManager(TestData.OPTIONS);
    private final ModelDescription model;
    private final Graph graph;
    private final KvBlocks caches;
    private ClipFeatures clip;

    Walk(Path folder, UnaryOperator<String> change) {
      Checkpoint checkpoint = Checkpoint.open(folder);
      this.model = checkpoint.model();
      ModuleSource source = ModuleSource.of(model).changed(change).changed(Walk::onMeta);
      this.graph = new Graph(manager, model, TestData.OPTIONS, TensorType.F32, source);
      this.caches = new KvBlocks(graph);
      checkpoint.loadInto(graph);
    }

    private static String onMeta(String source) {
      return source
              .replace("self.device_name", "\"meta\"")
              .replace("torch.conv2d(", "self.convolved(")
              .replace("torch.layer_norm(", "self.normed(")
              .replace("torch.embedding(w, ", "self.rows(w, 0, ")
              .replace("torch.index_select(", "self.rows(")
              .replace("torch.flip(halves, [2])", "torch.neg(halves)")
              .replace(", None, 0., True)", ")")
              .replaceAll(
                  "torch.scaled_dot_product_attention(\\(.*(mask.*\\)|mask)\\))", "self.masked$1")
              .replace("torch.scaled_dot_product_attention(", "self.attention(")
          + SUBSTITUTES;
    }

    /** Looks at a clip and reads the beginning of a question. */
    void read() {
      int side = model.tower().imageSize();
      ByteBuffer frame = ByteBuffer.allocateDirect(side * side * 3);
      ClipEncoding.FrameStaging staging = new ClipEncoding.FrameStaging(side, 2);
      try (ClipEncoding encoding =
          new ClipEncoding(model, graph, staging, Collections.nCopies(3, frame), BEFORE, true)) {
        boolean done = false;
        while (!done) {
          done = encoding.step();
        }
        clip = encoding.features();
      }
      prompt().close();
    }

    /** A slot with the beginning of a question. */
    private KvBlocks.Slot prompt() {
      KvBlocks.Slot slot = caches.take(clip.prefixTokens() + TEXT.size() + 8);
      graph.copyRows(slot.cells(), clip.prefix());
      graph.prompt(TEXT, clip.prefixTokens(), true, clip.slow(), slot.cells());
      slot.wrote(clip.prefixTokens() + TEXT.size());
      return slot;
    }

    /** A token each of two questions in one block, of which one reads the slow tokens. */
    void answer() {
      int past = clip.prefixTokens() + TEXT.size();
      try (KvBlocks.Slot first = prompt();
          KvBlocks.Slot second = prompt()) {
        List<Graph.StepRow> rows =
            List.of(
                new Graph.StepRow(1, past, true, clip.slow(), first, true),
                new Graph.StepRow(2, past - 1, false, clip.slow(), second, false));
        caches.prepare(rows);
        graph.step(rows);
      }
    }

    @Override
    public void close() {
      graph.close();
      manager.close();
    }
  }
}
