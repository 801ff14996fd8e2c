package io.saccade.cli.option;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/**
 * Writes the commands' own Java records as JSON: components in snake case, null as {@code null},
 * everything on one line. Records of the contract are written by {@link io.saccade.proto.Json}.
 */
public final class RecordJson {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .serializeNulls()
          .disableHtmlEscaping()
          .create();

  private RecordJson() {}

  /** The JSON of a record, or of a map or list of records. */
  public static String line(Object value) {
    return GSON.toJson(value);
  }
}
