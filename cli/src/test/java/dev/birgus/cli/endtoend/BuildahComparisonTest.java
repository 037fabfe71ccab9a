package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same Dockerfile through birgus and through buildah gives the same tree. */
class BuildahComparisonTest {

  private static final String DOCKERFILE =
      """
      FROM base AS tools
      RUN apt-get update && apt-get install -y --no-install-recommends hello libcap2-bin
      RUN cp /usr/bin/hello /usr/bin/capable && setcap cap_net_raw+ep /usr/bin/capable
      WORKDIR /links
      RUN echo one > a && ln a b && ln -s a c && ln -s /etc/passwd d && mkfifo pipe

      FROM base
      ENV LANG=C.UTF-8
      RUN useradd --uid 4242 --create-home crab && rm -rf /usr/share/doc && mkdir /usr/share/doc
      COPY --from=tools /usr/bin/hello /usr/bin/capable /usr/local/bin/
      COPY --from=tools /links /links
      COPY --chown=crab:crab src/ /home/crab/src/
      COPY src/tool.sh /usr/local/bin/tool
      ADD archive.tar.gz /opt/archive/
      WORKDIR /srv/app
      RUN chmod u+s /usr/local/bin/hello && touch "with space" && mkdir -m 1777 shared
      """;

  /** What may differ, and why. */
  private static final List<String> MEANT =
      List.of(
          // Logs and caches with the time of the run in them.
          "var/log/apt/.*",
          "var/log/dpkg.log",
          "var/log/alternatives.log",
          "var/log/lastlog",
          "var/log/faillog",
          "var/cache/ldconfig/aux-cache",
          "var/cache/apt/.*pkgcache.bin",
          "var/lib/apt/lists/.*",
          "var/lib/dpkg/.*-old",
          "etc/(passwd|group|shadow|gshadow|subuid|subgid)-",
          // Days since 1970 of the last change of a password.
          "etc/shadow",
          // buildah leaves the folder of its own secrets and stubs of what it bound.
          "run/secrets.*",
          "run/.containerenv",
          "etc/(resolv.conf|hosts|hostname)",
          "(dev|proc|sys)/.*");

  @TempDir Path folder;

  @Test
  void theTreeOfARealDebianBuildEqualsBuildahs() throws IOException, InterruptedException {
    // given
    Tool.needRoot();
    Tool.need("buildah", "skopeo", "umoci", "mmdebstrap", "getcap");
    var debian = Roots.debian(folder);
    writeContext();

    // when
    var ours =
        new BirgusProcess(folder.resolve("state"), folder)
            .run(
                "build",
                "-c",
                "context",
                "--build-context",
                "base=" + debian,
                "--no-push",
                "--oci-layout-path",
                "ours");
    assertThat(ours.exitCode()).as(ours.all()).isZero();
    Tool.sh(
        folder, "skopeo copy -q oci:ours oci:images:ours && umoci unpack --image images:ours o");
    buildWithBuildah(debian);
    Tool.sh(folder, "umoci unpack --image images:theirs t");

    // then
    var mine = tree(folder.resolve("o/rootfs"));
    var theirs = tree(folder.resolve("t/rootfs"));
    assertThat(mine).hasSizeGreaterThan(1000);
    assertThat(differences(mine, theirs)).isEmpty();
    assertThat(Tool.sh(folder, "chroot o/rootfs /usr/local/bin/hello")).contains("Hello");
    assertThat(Tool.sh(folder, "getcap o/rootfs/usr/local/bin/capable")).contains("cap_net_raw=ep");
  }

  private void writeContext() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/Dockerfile"), DOCKERFILE);
    Tool.sh(
        folder.resolve("context"),
        """
        mkdir -p src/deep/er src/empty archive/x
        echo text > src/deep/er/file; chmod 600 src/deep/er/file
        printf '#!/bin/sh\\necho tool\\n' > src/tool.sh; chmod 4755 src/tool.sh
        ln -s deep/er/file src/link; ln -s /nowhere src/broken
        echo no > src/left.out; echo '**/left.out' > .dockerignore
        chown -R 1000:1000 src
        echo y > archive/x/y; chmod 640 archive/x/y; chown 77:88 archive/x/y
        ln archive/x/y archive/x/z
        tar -C archive --numeric-owner -czf archive.tar.gz . && rm -r archive
        """);
  }

  private void buildWithBuildah(Path debian) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("basectx"));
    Files.writeString(
        folder.resolve("basectx/Dockerfile"), "FROM scratch\nADD " + debian.getFileName() + " /\n");
    Files.createLink(folder.resolve("basectx").resolve(debian.getFileName()), debian);
    var buildah = "buildah --root $PWD/peer/root --runroot $PWD/peer/run ";
    Tool.sh(
        folder,
        buildah
            + "bud --isolation chroot -q -t localhost/base basectx; "
            + "sed 's,^FROM base,FROM localhost/base,' context/Dockerfile > Dockerfile.peer; "
            + buildah
            + "bud --isolation chroot -q -f Dockerfile.peer -t theirs context; "
            + buildah
            + "push -q localhost/theirs oci:$PWD/images:theirs; "
            + buildah
            + "rmi -a -f >/dev/null; rm -rf peer");
  }

  /** Path to everything that is compared: type, mode, owners, content, links, capabilities. */
  private Map<String, String> tree(Path root) throws IOException, InterruptedException {
    var listing =
        Tool.sh(
            root,
            """
            find . -mindepth 1 -printf '%P\\t%y %m %U:%G %l\\n' | sort > ../list
            find . -type f -print0 | sort -z | xargs -0 sha256sum | sed 's,^\\(\\S*\\)  \\./,\\1\\t,' > ../sums
            find . -type f -links +1 -printf '%i\\t%P\\n' | sort -k2 > ../links
            getcap -r . | sed 's,^\\./,,' > ../caps
            cat ../list
            """);
    var result = new TreeMap<String, String>();
    listing.lines().map(line -> line.split("\t", 2)).forEach(p -> result.put(p[0], p[1]));
    for (var line : Files.readAllLines(root.resolve("../sums"))) {
      var parts = line.split("\t", 2);
      result.merge(parts[1], " " + parts[0], String::concat);
    }
    var first = new TreeMap<String, String>();
    for (var line : Files.readAllLines(root.resolve("../links"))) {
      var parts = line.split("\t", 2);
      var leader = first.computeIfAbsent(parts[0], _ -> parts[1]);
      result.merge(parts[1], " same as " + leader, String::concat);
    }
    for (var line : Files.readAllLines(root.resolve("../caps"))) {
      var space = line.indexOf(' ');
      result.merge(line.substring(0, space), line.substring(space), String::concat);
    }
    return result;
  }

  private static List<String> differences(Map<String, String> mine, Map<String, String> theirs) {
    var paths = new TreeMap<>(mine);
    paths.putAll(theirs);
    return paths.keySet().stream()
        .filter(path -> MEANT.stream().noneMatch(path::matches))
        .filter(path -> !String.valueOf(mine.get(path)).equals(String.valueOf(theirs.get(path))))
        .map(path -> path + ": ours " + mine.get(path) + ", theirs " + theirs.get(path))
        .collect(Collectors.toList());
  }
}
