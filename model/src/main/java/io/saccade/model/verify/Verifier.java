package io.saccade.model.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.saccade.model.ClipEncoding;
import io.saccade.model.Sequence;
import io.saccade.model.VideoModel;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.Sampling;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.Graph;
import io.saccade.model.text.Prompt;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Compares a model, stage by stage, with a reference case made by the public code: every tensor of
 * the case that this class knows, from the vision tower to the greedy ids of both decode modes.
 * Each stage gets the output of this model's stage before it; the prompt is the case's.
 *
 * <p>A reference computed in float32 from bfloat16 weights differs by how it was loaded: a model
 * that was cast with {@code .to(bfloat16)} on the way has the frequencies of its rotary embedding
 * rounded to that type, one that was loaded as float32 has not. This model keeps them in float32.
 * Where the weights are of a smaller type and the case does not agree, it is compared with rounded
 * frequencies too, and {@link Verification#rotaryFrequencies} says which it had.
 */
public final class Verifier {
  /** Relative difference up to which tensors agree in float32. */
  public static final double TOLERANCE = 1e-3;

  private final VideoModel model;
  private final VerificationCase reference;
  private final boolean exact;
  private final List<Verification.Row> rows = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();

  private Verifier(VideoModel model, VerificationCase reference) {
    this.model = model;
    this.reference = reference;
    this.exact = model.format().equals("f32");
  }

  /**
   * Compares a model with a case.
   *
   * @param caseFile a safetensors file with {@code frames} [T, S, S, 3] of uint8 and the tensors to
   *     compare; a JSON file of the same name beside it, if there is one, has the conversation of
   *     {@code input_ids}
   * @throws CheckpointException if the case cannot be used
   * @throws IllegalArgumentException if its frames do not fit the model
   */
  public static Verification verify(VideoModel model, Path caseFile) {
    VerificationCase reference = new VerificationCase(caseFile);
    Verification exact = new Verifier(model, reference).compareAll(caseFile, TensorType.F32);
    if (exact.passed() || model.weightType() == TensorType.F32) {
      return exact;
    }
    Verification rounded = new Verifier(model, reference).compareAll(caseFile, model.weightType());
    return rounded.passed() ? rounded : exact;
  }

  private Verification compareAll(Path caseFile, TensorType rotaryFrequencies) {
    model.graph().roundRope(rotaryFrequencies);
    try {
      compareAll();
    } finally {
      model.graph().roundRope(TensorType.F32);
    }
    List<String> skipped =
        reference.names().stream().filter(name -> !compared.contains(name)).sorted().toList();
    return new Verification(caseFile, model.format(), rotaryFrequencies.name(), rows, skipped);
  }

  private void compareAll() {
    compared.add("frames");
    List<ByteBuffer> frames = reference.frames();
    compareTower(frames);
    List<Long> before = reference.has("input_ids") ? prompt().before() : List.of();
    try (ClipFeatures clip = model.encode(frames, before, true)) {
      compare("fast_tokens", clip.fast());
      if (reference.has("input_ids")) {
        compareIds();
        compareDecoder(frames, clip);
      }
    }
  }

  private void compareDecoder(List<ByteBuffer> frames, ClipFeatures clip) {
    compareHiddenStates(clip);
    comparePrefill(clip, true, "prefill_logits");
    if (reference.has("prefill_logits_gate_closed")) {
      try (ClipFeatures closed = model.encode(frames, prompt().before(), false)) {
        comparePrefill(closed, false, "prefill_logits_gate_closed");
      }
    }
    double penalty = model.generationConfig().repetitionPenalty();
    compareDecoding(clip, DecodeMode.PROMPT, "generated_reference", penalty);
    compareDecoding(clip, DecodeMode.ALL_TEXT, "generated_all_text", 1);
  }

  private Prompt prompt() {
    return reference.prompt(model.info().vocabularySize());
  }

  /** A stage at a time, by chunks of frames as in {@link ClipEncoding}. */
  private void compareTower(List<ByteBuffer> frames) {
    Graph graph = model.graph();
    List<NDArray> vision = new ArrayList<>();
    List<NDArray> projected = new ArrayList<>();
    List<NDArray> slow = new ArrayList<>();
    try (NDManager scratch = graph.newScope()) {
      int size = model.staging().capacity();
      for (int begin = 0; begin < frames.size(); begin += size) {
        List<ByteBuffer> chunk = frames.subList(begin, Math.min(begin + size, frames.size()));
        NDArray seen = graph.vision(model.staging().fill(chunk, scratch), scratch);
        NDArray wide = graph.project(seen, scratch);
        vision.add(seen);
        projected.add(wide);
        slow.add(
            graph.pool(wide, model.description().arrangement().pooling(frames.size()), scratch));
      }
      compare("vision", graph.join(vision, scratch));
      compare("projected", graph.join(projected, scratch));
      compare("slow_tokens", graph.join(slow, scratch));
    }
  }

  private void compareIds() {
    compared.add("input_ids");
    reference
        .conversation()
        .ifPresent(
            conversation ->
                addIds(
                    "input_ids",
                    VerificationCase.inputIds(model.promptFormat().encode(conversation))));
  }

  private void compareHiddenStates(ClipFeatures clip) {
    Graph graph = model.graph();
    try (NDManager scratch = graph.newScope()) {
      NDArray cache = graph.newCache(prompt().length() + clip.fastTokens(), scratch);
      List<NDArray> hidden = graph.trace(prompt(), clip, cache, scratch);
      compare("inputs_embeds", hidden.get(0));
      for (int i = 0; i < hidden.size(); i++) {
        compare("hidden_%02d".formatted(i), hidden.get(i));
      }
    }
  }

  private void comparePrefill(ClipFeatures clip, boolean readSlow, String name) {
    List<float[]> logits = new ArrayList<>();
    generate(clip, DecodeMode.PROMPT, readSlow, List.of(0L), new Sampling(0, 0, 1, 1), logits);
    compare(name, logits.get(0));
  }

  private void compareDecoding(
      ClipFeatures clip, DecodeMode mode, String name, double repetitionPenalty) {
    if (!reference.has(name + "_ids") || reference.ids(name + "_ids").isEmpty()) {
      return;
    }
    List<float[]> logits = new ArrayList<>();
    List<Long> expected = reference.ids(name + "_ids");
    Sampling greedy = new Sampling(0, 0, 1, repetitionPenalty);
    addIds(name + "_ids", generate(clip, mode, true, expected, greedy, logits));
    if (reference.has(name + "_logits")) {
      compare(name + "_logits", joined(logits, reference.floats(name + "_logits").length));
    }
  }

  /**
   * Generates after the case's prompt and notes the logits of each token.
   *
   * @param expected the ids of the reference, of which this model chooses as many
   * @return its choices
   */
  private List<Long> generate(
      ClipFeatures clip,
      DecodeMode mode,
      boolean readSlow,
      List<Long> expected,
      Sampling sampling,
      List<float[]> logits) {
    List<Long> choices = new ArrayList<>();
    Sequence.Chooser chooser =
        (values, generated) -> {
          logits.add(values);
          long choice = sampling.next(values, generated, new SplittableRandom(0));
          choices.add(choice);
          return exact ? choice : expected.get(generated.size());
        };
    Sequence.Request request =
        new Sequence.Request(
            prompt().after(),
            clip.prefixTokens(),
            clip.fastTokens(),
            mode,
            readSlow,
            expected.size(),
            model.generationConfig().endIds(),
            Optional.of(chooser));
    try (Sequence sequence = model.sequence(request, List.of())) {
      model.run(sequence, clip, () -> false);
    }
    return choices;
  }

  /** The logits of as many steps as the reference has. */
  private static float[] joined(List<float[]> logits, int elements) {
    int width = logits.get(0).length;
    float[] joined = new float[Math.min(elements / width, logits.size()) * width];
    for (int i = 0; i < joined.length / width; i++) {
      System.arraycopy(logits.get(i), 0, joined, i * width, width);
    }
    return joined;
  }

  private void compare(String name, NDArray found) {
    if (reference.has(name)) {
      compare(name, model.graph().floats(found));
    }
  }

  private void compare(String name, float[] found) {
    if (!reference.has(name)) {
      return;
    }
    compared.add(name);
    float[] expected = reference.floats(name);
    if (expected.length != found.length) {
      rows.add(row(name, false, found.length + " elements were computed"));
      return;
    }
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    double relative = magnitude > 0 ? difference / magnitude : difference;
    double cosine = cosine(expected, found);
    rows.add(
        new Verification.Row(
            name,
            reference.shape(name),
            OptionalDouble.of(difference),
            OptionalDouble.of(relative),
            OptionalDouble.of(cosine),
            OptionalDouble.empty(),
            exact ? relative <= TOLERANCE : cosine >= Verification.requiredCosine(model.format()),
            ""));
  }

  /** The cosine of two tensors as vectors. */
  public static double cosine(float[] expected, float[] found) {
    double product = 0;
    double expectedSquare = 0;
    double foundSquare = 0;
    for (int i = 0; i < expected.length; i++) {
      product += (double) expected[i] * found[i];
      expectedSquare += (double) expected[i] * expected[i];
      foundSquare += (double) found[i] * found[i];
    }
    return product / Math.sqrt(expectedSquare * foundSquare);
  }

  private void addIds(String name, List<Long> found) {
    compared.add(name);
    List<Long> expected = reference.ids(name);
    boolean equal = found.equals(expected);
    long same =
        IntStream.range(0, Math.min(found.size(), expected.size()))
            .filter(i -> found.get(i).equals(expected.get(i)))
            .count();
    boolean agrees = equal || (!exact && name.startsWith("generated"));
    rows.add(
        new Verification.Row(
            name,
            reference.shape(name),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of((double) same / Math.max(1, expected.size())),
            agrees,
            equal ? "" : "computed " + found));
  }

  private Verification.Row row(String name, boolean agrees, String remark) {
    OptionalDouble none = OptionalDouble.empty();
    return new Verification.Row(
        name, reference.shape(name), none, none, none, none, agrees, remark);
  }
}
