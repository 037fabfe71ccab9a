package dev.birgus.executor.files;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/** Mounts overlays with mount(2). */
public final class LinuxOverlays implements Overlays {

  /** The kernel takes one page of options with their ending zero. */
  private static final int OPTIONS = 4095;

  /** The kernel puts no more layers into one overlay. */
  private static final int MOST_LAYERS = 500;

  /**
   * What two overlays hold, one being the lowest layer of the other, and an empty one that of the
   * lower one. The kernel mounts no third on them, and none but the lowest may be one: it shows no
   * whiteouts.
   */
  private static final int MOST_ALTOGETHER = 2 * (MOST_LAYERS - 1);

  private static final long MS_RDONLY = 1;

  /**
   * What keeps the upper directory a complete difference: no renames by reference, no files without
   * content. Kernels that do not know an option have not got the feature either.
   */
  private static final List<String> FEATURES =
      List.of(
          ",redirect_dir=off,metacopy=off,index=off,xino=off",
          ",redirect_dir=off,index=off",
          ",redirect_dir=off",
          "");

  /**
   * Without it the kernel writes the whole file system to the disk when an overlay is unmounted,
   * whoever's files they are, and for every fsync of a command. Nothing of a node has to survive
   * its power failure. Since Linux 5.10.
   */
  private static final String VOLATILE = ",volatile";

  private static final String ADVICE =
      "Put the state directory on a file system that is no overlay itself, for instance on a volume"
          + " (emptyDir in Kubernetes): --state-dir or BIRGUS_STATE_DIR.";

  @Override
  public OverlayMount mount(List<Path> lower, Path work) throws IOException {
    if (lower.isEmpty()) {
      throw new IllegalArgumentException("an overlay needs a lower directory");
    }
    var upper = folder(work, "upper");
    var inner = folder(work, "work");
    var merged = folder(work, "merged");
    var writable = ",upperdir=" + escape(upper.toString()) + ",workdir=" + escape(inner.toString());
    copyAttributes(lower.getLast(), upper);
    var ends = List.of(VOLATILE + writable, writable);
    return mount(
        topFirst(lower),
        work,
        stack -> {
          mount(stack, merged, ends, 0);
          return new LinuxOverlayMount(merged, upper, List.of("work"));
        });
  }

  /**
   * {@inheritDoc} An empty directory is put below the stack, so that the whiteouts of a layer that
   * stands alone are not seen as devices.
   */
  @Override
  public OverlayMount mountReadOnly(List<Path> lower, Path work) throws IOException {
    var empty = folder(work, "empty");
    var merged = folder(work, "merged");
    var stack = new ArrayList<Path>();
    stack.add(empty);
    stack.addAll(lower);
    return mount(
        topFirst(stack),
        work,
        fitting -> {
          mount(fitting, merged, List.of(""), MS_RDONLY);
          return new LinuxOverlayMount(merged, empty, List.of());
        });
  }

  /** Mounts a stack that fits into one overlay, its highest directory first. */
  private interface Mounting {
    OverlayMount mount(List<Path> stack) throws IOException;
  }

  /** Mounts a stack; what is too much for one overlay becomes one of its own, the lowest layer. */
  private OverlayMount mount(List<Path> stack, Path work, Mounting mounting) throws IOException {
    if (stack.size() <= MOST_LAYERS) {
      return mounting.mount(stack);
    }
    if (stack.size() > MOST_ALTOGETHER) {
      throw Failure.of(
              "too-many-layers",
              "A stack of "
                  + stack.size()
                  + " layers is more than the "
                  + MOST_ALTOGETHER
                  + " that can be mounted.",
              "Join steps of the Dockerfile, or flatten the base image.")
          .toException();
    }
    var fitting = new ArrayList<>(stack.subList(0, MOST_LAYERS - 1));
    var rest = stack.subList(MOST_LAYERS - 1, stack.size()).reversed();
    var lowest = mountReadOnly(rest, folder(work, StackedOverlayMount.FOLDER));
    try {
      fitting.add(lowest.merged());
      return new StackedOverlayMount(mounting.mount(fitting), lowest, work);
    } catch (IOException | RuntimeException failed) {
      lowest.close();
      throw failed;
    }
  }

  /** The merged root has the attributes of the highest one: the image's, not our umask's. */
  private static void copyAttributes(Path from, Path to) throws IOException {
    try (var source = LinuxFileSystem.open(from);
        var target = LinuxFileSystem.open(to)) {
      var status = source.status("/").orElseThrow();
      target.dropAccessLists("/");
      target.setAttributes(
          "/",
          new FileAttributes(
              status.mode(),
              status.uid(),
              status.gid(),
              status.modified(),
              Collections.emptySortedMap()));
    }
  }

  private static Path folder(Path work, String name) throws IOException {
    return Files.createDirectories(work.toAbsolutePath().normalize().resolve(name));
  }

  /**
   * Mounts.
   *
   * @param ends the further options, the best ones first; all but the last may be unknown
   */
  private static void mount(List<Path> stack, Path merged, List<String> ends, long flags)
      throws IOException {
    var user = OverlayFormat.of(merged) == OverlayFormat.USER ? ",userxattr" : "";
    var names = stack.stream().map(directory -> escape(directory.toString())).toList();
    var target = FileNames.encode(merged.toString());
    if (size(names, ends.getFirst() + user) <= OPTIONS) {
      var options = options(names, ends, user);
      check(mount(options, target, flags), merged, stack);
      return;
    }
    var open = new ArrayList<OpenFile>();
    try {
      for (var directory : stack) {
        open.add(openDirectory(directory));
      }
      var numbers = open.stream().map(directory -> Integer.toString(directory.fd())).toList();
      var options = options(numbers, ends, user);
      var descriptors = FileNames.encode("/proc/self/fd");
      var result = OwnDirectory.call(descriptors, () -> mount(options, target, flags));
      check(result, merged, stack);
    } finally {
      open.forEach(OpenFile::close);
    }
  }

  private static List<byte[]> options(List<String> names, List<String> ends, String user) {
    var options = new ArrayList<byte[]>();
    for (var feature : FEATURES) {
      for (var each : ends) {
        options.add(
            FileNames.encode("lowerdir=" + String.join(":", names) + feature + each + user));
      }
    }
    return options;
  }

  private static int size(List<String> names, String end) {
    var options = "lowerdir=" + String.join(":", names) + FEATURES.getFirst() + end;
    return options.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Mounts with the first of these options the kernel knows. */
  private static int mount(List<byte[]> options, byte[] target, long flags) {
    var result = -Errno.EINVAL;
    for (var each : options) {
      result = Linux.mount("overlay", target, "overlay", flags, each);
      if (result != -Errno.EINVAL) {
        break;
      }
    }
    return result;
  }

  private static void check(int result, Path merged, List<Path> stack) {
    if (result < 0) {
      throw refused(-result, merged, stack);
    }
  }

  private static RuntimeException refused(int error, Path merged, List<Path> stack) {
    var advice =
        switch (error) {
          case Errno.EINVAL -> ADVICE;
          case Errno.EPERM, Errno.EACCES ->
              "Mounting needs root in its own user namespace, or CAP_SYS_ADMIN, and a security"
                  + " profile that allows mount.";
          case Errno.ENODEV -> "Load the kernel's module: modprobe overlay.";
          default -> "";
        };
    var message =
        "The kernel refused to mount an overlay of "
            + stack.size()
            + " layers at "
            + merged
            + ": "
            + Errno.reason(error)
            + ".";
    return Failure.of("overlay-refused", message, advice).toException();
  }

  /**
   * Overlays name the top first, and refuse a directory that comes twice: all that the lower place
   * of the two gives, the upper one gives as well.
   */
  private static List<Path> topFirst(List<Path> lower) {
    var seen = new LinkedHashSet<Path>();
    for (var directory : lower.reversed()) {
      seen.add(directory.toAbsolutePath().normalize());
    }
    return List.copyOf(seen);
  }

  private static OpenFile openDirectory(Path directory) throws IOException {
    var path = FileNames.encode(directory.toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_PATH | Linux.O_DIRECTORY);
    return new OpenFile(LinuxFileSystem.check(fd, directory.toString()));
  }

  private static String escape(String path) {
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:");
  }
}
