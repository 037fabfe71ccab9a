package dev.birgus.ingest.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.ingest.context.UnpackLimits;
import java.nio.file.Path;

/**
 * How ingest works here.
 *
 * @param workDirectory where archives are unpacked to, in a folder of its own that is removed when
 *     the service closes; made if it is missing
 * @param limits how much an archive may unpack to
 */
public record IngestSettings(Path workDirectory, UnpackLimits limits) {

  public IngestSettings {
    requireNonNull(workDirectory, "workDirectory");
    requireNonNull(limits, "limits");
  }
}
