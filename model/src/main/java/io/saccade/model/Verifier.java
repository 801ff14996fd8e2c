package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

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
  /** Relative difference up to which tensors agree. */
  public static final double TOLERANCE = 1e-3;

  private final SlowFastModel model;
  private final VerificationCase reference;
  private final List<Verification.Row> rows = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();

  private Verifier(SlowFastModel model, VerificationCase reference) {
    this.model = model;
    this.reference = reference;
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
  public static Verification verify(SlowFastModel model, Path caseFile) {
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
    return new Verification(caseFile, rotaryFrequencies.name(), rows, skipped);
  }

  private void compareAll() {
    compared.add("frames");
    List<ByteBuffer> frames = reference.frames();
    compareTower(frames);
    try (ClipFeatures clip = model.encode(frames)) {
      compare("fast_tokens", clip.fast());
      if (reference.has("input_ids")) {
        compareIds();
        compareDecoder(clip);
      }
    }
  }

  private void compareDecoder(ClipFeatures clip) {
    compareHiddenStates(clip);
    comparePrefill(clip, true, "prefill_logits");
    comparePrefill(clip, false, "prefill_logits_gate_closed");
    double penalty = model.generationConfig().repetitionPenalty();
    compareDecoding(clip, DecodeMode.PROMPT, "generated_reference", penalty);
    compareDecoding(clip, DecodeMode.ALL_TEXT, "generated_all_text", 1);
  }

  private Prompt prompt() {
    return reference.prompt(model.info().vocabularySize());
  }

  private void compareTower(List<ByteBuffer> frames) {
    try (NDManager scratch = model.manager().newSubManager()) {
      ClipStages stages = model.encoder().stages(frames, scratch);
      compare("vision", stages.vision());
      compare("projected", stages.projected());
      compare("slow_tokens", stages.slowTokens());
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
    try (NDManager scratch = model.manager().newSubManager()) {
      NDArray cache = model.graph().newCache(prompt().length() + clip.fastTokens(), scratch);
      List<NDArray> hidden = model.graph().trace(prompt(), clip, cache, scratch);
      compare("inputs_embeds", hidden.get(0));
      for (int i = 0; i < hidden.size(); i++) {
        compare("hidden_%02d".formatted(i), hidden.get(i));
      }
    }
  }

  private void comparePrefill(ClipFeatures clip, boolean readSlow, String name) {
    int rows = prompt().length() + clip.fastTokens();
    try (NDArray cache = model.graph().newCache(rows, model.manager())) {
      compare(name, model.graph().prefill(prompt(), clip, readSlow, cache));
    }
  }

  private void compareDecoding(
      ClipFeatures clip, DecodeMode mode, String name, double repetitionPenalty) {
    if (!reference.has(name + "_ids") || reference.ids(name + "_ids").isEmpty()) {
      return;
    }
    List<float[]> logits = new ArrayList<>();
    Sampling greedy = new Sampling(0, 0, 1, repetitionPenalty);
    int count = reference.ids(name + "_ids").size();
    Decoder.Request request = new Decoder.Request(prompt(), mode, count, greedy, 0);
    List<Long> ids = model.decoder().run(request, clip, () -> false, logits::add).ids();
    addIds(name + "_ids", ids);
    if (reference.has(name + "_logits")) {
      compare(name + "_logits", joined(logits, reference.floats(name + "_logits").length));
    }
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
      compare(name, found.toFloatArray());
    }
  }

  private void compare(String name, float[] found) {
    if (!reference.has(name)) {
      return;
    }
    compared.add(name);
    float[] expected = reference.floats(name);
    if (expected.length != found.length) {
      add(
          name,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          false,
          found.length + " elements were computed");
      return;
    }
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    double relative = magnitude > 0 ? difference / magnitude : difference;
    add(
        name,
        OptionalDouble.of(difference),
        OptionalDouble.of(relative),
        relative <= TOLERANCE,
        "");
  }

  private void addIds(String name, List<Long> found) {
    compared.add(name);
    boolean equal = found.equals(reference.ids(name));
    String remark = equal ? "" : "computed " + found;
    add(name, OptionalDouble.empty(), OptionalDouble.empty(), equal, remark);
  }

  private void add(
      String name,
      OptionalDouble absolute,
      OptionalDouble relative,
      boolean agrees,
      String remark) {
    rows.add(new Verification.Row(name, reference.shape(name), absolute, relative, agrees, remark));
  }
}
