package io.saccade.cli.option;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/**
 * How commands print records of their own as JSON: components in snake case, absent values as null,
 * everything on one line.
 */
public final class RecordJson {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .serializeNulls()
          .disableHtmlEscaping()
          .create();

  private RecordJson() {}

  /** A record, or a map or list of records. */
  public static String line(Object value) {
    return GSON.toJson(value);
  }
}
