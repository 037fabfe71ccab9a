package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.MarkedFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;

/** Marks as an overlay has them in its lower directories. */
final class OverlayMarks implements LayerMarks {

  private static final FileAttributes NODE =
      new FileAttributes(0755, 0, 0, 0, Collections.emptySortedMap());
  private static final FileStatus WHITEOUT_NODE =
      new FileStatus(Kind.CHARACTER_DEVICE, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, Optional.empty());

  private final MarkedFileSystem files;
  private final OverlayFormat format;

  OverlayMarks(MarkedFileSystem files, OverlayFormat format) {
    this.files = files;
    this.format = format;
  }

  @Override
  public boolean hides(String path, Optional<FileStatus> there) {
    return there.isPresent()
        && there.get().kind() == Kind.CHARACTER_DEVICE
        && there.get().major() == 0
        && there.get().minor() == 0;
  }

  @Override
  public void hide(String path) throws IOException {
    files.makeNode(path, WHITEOUT_NODE, NODE);
  }

  @Override
  public void hideContent(String path) throws IOException {
    if (!files.setXattr(path, format.opaque(), "y")) {
      throw Failure.of(
              "overlay-marks-refused",
              "The file system of " + files.root() + " takes no extended attributes.",
              "Put the state directory on another one: --state-dir or BIRGUS_STATE_DIR.")
          .toException();
    }
  }

  @Override
  public boolean hidesContent(String directory) throws IOException {
    return UpperWalk.isOpaque(files.xattrs(directory), format);
  }
}
