package dev.birgus.executor.files;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A file system in which some places are not to be written to, whichever links lead there: {@code
 * isolation-lacks}. Directories that lead to such a place stay where they are.
 */
public final class KeptFileSystem implements FileSystem {

  private final FileSystem files;
  private final KeptPlaces kept;

  /** These files, but for the places. */
  public KeptFileSystem(FileSystem files, KeptPlaces kept) {
    this.files = requireNonNull(files, "files");
    this.kept = requireNonNull(kept, "kept");
  }

  /** Refuses to write at a path. The last name is not followed, as by those who write there. */
  private String writable(String path) throws IOException {
    var place = placeOf(path);
    if (kept.keeps(place)) {
      throw refusal(place).toException();
    }
    return path;
  }

  private String placeOf(String path) throws IOException {
    var trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    var slash = trimmed.lastIndexOf('/');
    var parent = slash <= 0 ? "/" : files.resolve(trimmed.substring(0, slash));
    return (parent.equals("/") ? "" : parent) + "/" + trimmed.substring(slash + 1);
  }

  /** Why a place that is kept cannot be written. */
  public static Failure refusal(String place) {
    return Failure.of(
        "isolation-lacks",
        place + " cannot be written with isolation inplace, where birgus needs it itself",
        "use another folder of the image, or move what birgus has there");
  }

  @Override
  public Path root() {
    return files.root();
  }

  @Override
  public boolean isInMemory() {
    return files.isInMemory();
  }

  @Override
  public Optional<FileStatus> status(String path) throws IOException {
    return files.status(path);
  }

  @Override
  public String resolve(String path) throws IOException {
    return files.resolve(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public SortedMap<String, String> xattrs(String path) throws IOException {
    return files.xattrs(path);
  }

  @Override
  public InputStream read(String path) throws IOException {
    return files.read(path);
  }

  @Override
  public FileContent content(String path) throws IOException {
    return files.content(path);
  }

  @Override
  public FileContent content(String path, FileStatus status) throws IOException {
    return files.content(path, status);
  }

  @Override
  public OutputStream create(String path, FileAttributes attributes) throws IOException {
    return files.create(writable(path), attributes);
  }

  @Override
  public void copyFile(FileContent content, String path, FileAttributes attributes)
      throws IOException {
    files.copyFile(content, writable(path), attributes);
  }

  @Override
  public void makeDirectory(String path, FileAttributes attributes) throws IOException {
    files.makeDirectory(writable(path), attributes);
  }

  @Override
  public void makeSymlink(String path, String target, FileAttributes attributes)
      throws IOException {
    files.makeSymlink(writable(path), target, attributes);
  }

  @Override
  public void makeHardLink(String path, String existing) throws IOException {
    files.makeHardLink(writable(path), writable(existing));
  }

  @Override
  public void makeNode(String path, FileStatus status, FileAttributes attributes)
      throws IOException {
    files.makeNode(writable(path), status, attributes);
  }

  @Override
  public void setAttributes(String path, FileAttributes attributes) throws IOException {
    files.setAttributes(path.equals("/") ? path : writable(path), attributes);
  }

  @Override
  public void remove(String path) throws IOException {
    var place = placeOf(path);
    if (kept.leadsTo(place)) {
      throw refusal(place).toException();
    }
    files.remove(writable(path));
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
