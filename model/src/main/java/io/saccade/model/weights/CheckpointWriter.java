package io.saccade.model.weights;

import io.saccade.model.config.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the weights of a checkpoint, each in the type or quantised form that it is to have. All
 * cores share one tensor after another in pieces of consecutive rows, so that a tensor of any size
 * passes through a few megabytes, and the bytes written depend on neither cores nor chance.
 */
public final class CheckpointWriter {
  /** Elements of a piece, unless one row has more: 1 MiB of floats. */
  private static final int PIECE_ELEMENTS = 1 << 18;

  private final RowSource source;
  private final boolean search;

  /**
   * A writer.
   *
   * @param source gives the elements
   * @param search whether int4 looks for the best range of each group, for accuracy
   */
  public CheckpointWriter(RowSource source, boolean search) {
    this.source = source;
    this.search = search;
  }

  /** Sums over a piece. */
  private record Piece(double squaredNorm, double squaredError) {}

  /**
   * Writes all weights.
   *
   * @return what became of each, in the same order
   * @throws CheckpointException if a weight is not finite, or the disk refuses one
   */
  public List<WrittenWeight> write(
      Path folder, List<NewWeight> weights, long shardBytes, CheckpointProgress progress) {
    List<NewTensor> tensors =
        weights.stream().flatMap(weight -> weight.tensors().stream()).toList();
    long total = tensors.stream().mapToLong(NewTensor::bytes).sum();
    List<WrittenWeight> written = new ArrayList<>();
    try (WeightFilesWriter files = new WeightFilesWriter(folder, tensors, shardBytes)) {
      long bytes = 0;
      for (NewWeight weight : weights) {
        written.add(write(weight, files));
        bytes += weight.bytes();
        progress.written(weight.name(), bytes, total);
      }
      files.finish();
      return written;
    } catch (IOException e) {
      throw CheckpointException.unwritable(folder, e);
    }
  }

  private WrittenWeight write(NewWeight weight, WeightFilesWriter files) {
    int rows = Math.max(1, PIECE_ELEMENTS / weight.columns());
    int pieces = Math.toIntExact((weight.rows() + rows - 1) / rows);
    List<Piece> sums =
        IntStream.range(0, pieces)
            .parallel()
            .mapToObj(
                i -> {
                  long first = (long) i * rows;
                  int count = (int) Math.min(rows, weight.rows() - first);
                  return writeRows(weight, first, count, files);
                })
            .toList();
    return new WrittenWeight(
        weight,
        sums.stream().mapToDouble(Piece::squaredNorm).sum(),
        sums.stream().mapToDouble(Piece::squaredError).sum());
  }

  private Piece writeRows(NewWeight weight, long firstRow, int rows, WeightFilesWriter files) {
    int count = rows * weight.columns();
    float[] values = new float[count];
    long first = firstRow * weight.columns();
    source.read(weight, first, values, count);
    double error = 0;
    if (weight.quantisation().isPresent()) {
      QuantisedRows quantised = quantise(weight, values, rows);
      writeQuantised(weight, firstRow, rows, quantised, files);
      error = quantised.squaredError();
    } else {
      ByteBuffer bytes = FloatCodec.encode(values, count, weight.type());
      files.write(weight.name(), first * weight.type().bytes(), bytes);
    }
    return new Piece(squaredNorm(values), error);
  }

  private QuantisedRows quantise(NewWeight weight, float[] values, int rows) {
    try {
      return QuantisedRows.of(
          weight.quantisation().orElseThrow(),
          values,
          rows,
          weight.columns(),
          weight.group(),
          search);
    } catch (ArithmeticException e) {
      throw new CheckpointException(
          "tensor %s holds %s, which cannot be quantised".formatted(weight.name(), e.getMessage()),
          e);
    }
  }

  private static void writeQuantised(
      NewWeight weight, long firstRow, int rows, QuantisedRows quantised, WeightFilesWriter files) {
    long rowBytes = quantised.values().remaining() / rows;
    files.write(weight.name(), firstRow * rowBytes, quantised.values());
    ByteBuffer scales = quantised.scales();
    int groups = weight.group() == 0 ? 1 : weight.columns() / weight.group();
    int groupBytes = scales.remaining() / groups;
    int scaleBytes = groupBytes / rows;
    for (int g = 0; g < groups; g++) {
      files.write(
          weight.scaleName(),
          (g * weight.rows() + firstRow) * scaleBytes,
          scales.slice(g * groupBytes, groupBytes));
    }
  }

  private static double squaredNorm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}
