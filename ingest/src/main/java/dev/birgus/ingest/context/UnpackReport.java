package dev.birgus.ingest.context;

import java.util.List;

/**
 * What became of an archive.
 *
 * @param entries that were made
 * @param bytes of file content
 * @param specialFiles devices and fifos that were left out
 * @param lostAttributes entries with extended attributes, which are not kept
 * @param ownersKept whether user and group are those of the archive: only root can keep them
 * @param excluded paths the packer had left out, as {@link ContextPacker} notes them
 */
public record UnpackReport(
    long entries,
    long bytes,
    long specialFiles,
    long lostAttributes,
    boolean ownersKept,
    List<String> excluded) {

  public UnpackReport {
    excluded = List.copyOf(excluded);
  }
}
