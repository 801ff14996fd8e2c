package io.saccade.video.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
  /** Three pixels wide, two high: {@code ABC / DEF}, with rows of 12 bytes. */
  private static final int STRIDE = 12;

  @ParameterizedTest
  @CsvSource({
    // a, b, c, d, shown, clockwise, mirrored
    "1, 0, 0, 1, ABC/DEF, 0, false",
    "0, 1, -1, 0, DA/EB/FC, 90, false",
    "-1, 0, 0, -1, FED/CBA, 180, false",
    "0, -1, 1, 0, CF/BE/AD, 270, false",
    "-1, 0, 0, 1, CBA/FED, 0, true",
    "1, 0, 0, -1, DEF/ABC, 180, true",
    "0, 1, 1, 0, AD/BE/CF, 270, true",
    "0, -1, -1, 0, FC/EB/DA, 90, true",
  })
  void turnsAndMirrors(int a, int b, int c, int d, String shown, int clockwise, boolean mirrored) {
    Orientation orientation = Orientation.ofMatrix(a << 16, b << 16, c << 16, d << 16);
    assertThat(orientation.rotationDegrees()).isEqualTo(clockwise);
    assertThat(orientation.mirrored()).isEqualTo(mirrored);
    assertThat(show(orientation)).isEqualTo(shown);
  }

  @Test
  void aSlantedMatrixIsTheNearestTurn() {
    assertThat(Orientation.ofMatrix(10, 70_000, -60_000, -5))
        .isEqualTo(Orientation.ofMatrix(0, 1, -1, 0));
  }

  private static String show(Orientation orientation) {
    OrientedRows rows = new OrientedRows(coded(), STRIDE, 3, 2, orientation);
    int width = orientation.displayWidth(3, 2);
    StringBuilder shown = new StringBuilder();
    for (int y = 0; y < orientation.displayHeight(3, 2); y++) {
      byte[] row = new byte[width * 3];
      rows.read(y, row, 0, width);
      shown.append(y == 0 ? "" : "/");
      for (int x = 0; x < width; x++) {
        assertThat(row[3 * x + 1]).isEqualTo((byte) 1);
        assertThat(row[3 * x + 2]).isEqualTo((byte) 2);
        shown.append((char) row[3 * x]);
      }
    }
    return shown.toString();
  }

  private static ByteBuffer coded() {
    ByteBuffer pixels = ByteBuffer.allocate(2 * STRIDE);
    for (int i = 0; i < 6; i++) {
      int at = i / 3 * STRIDE + i % 3 * 3;
      pixels.put(at, (byte) ('A' + i)).put(at + 1, (byte) 1).put(at + 2, (byte) 2);
    }
    return pixels;
  }
}
