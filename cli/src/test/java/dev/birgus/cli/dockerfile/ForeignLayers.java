package dev.birgus.cli.dockerfile;

/** An image as other builders write it, made by tar and a shell alone. */
final class ForeignLayers {

  private ForeignLayers() {}

  /**
   * An OCI layout {@code layout} in the context: a layer on which a second one lies whose marks of
   * removal come after what is new, where they are allowed to come.
   */
  static ContextFiles files() {
    return ContextFiles.files()
        .sh(
            """
            mkdir -p layout/blobs/sha256 one/d one/e one/f two/d two/e
            echo old > one/d/old; echo old > one/e/again; echo old > one/f/gone
            echo new > two/d/new; echo new > two/e/again
            touch two/d/.wh..wh..opq two/e/.wh.again two/.wh.f
            tar --numeric-owner --no-recursion -C one -cf one.tar d d/old e e/again f f/gone
            tar --numeric-owner --no-recursion -C two -cf two.tar \
              d d/new d/.wh..wh..opq e e/again e/.wh.again .wh.f
            blob() { # file -> its digest; it becomes a blob
              sum=$(sha256sum < "$1" | cut -d' ' -f1); mv "$1" layout/blobs/sha256/$sum; echo sha256:$sum
            }
            descriptor() { # type, digest
              printf '{"mediaType":"application/vnd.oci.image.%s","digest":"%s","size":%s}' \
                "$1" $2 $(stat -c %s layout/blobs/sha256/${2#*:})
            }
            one=$(blob one.tar); two=$(blob two.tar)
            printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers",\
            "diff_ids":["%s","%s"]}}' $one $two > config; config=$(blob config)
            printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
            "config":%s,"layers":[%s,%s]}' "$(descriptor config.v1+json $config)" \
              "$(descriptor layer.v1.tar $one)" "$(descriptor layer.v1.tar $two)" > manifest
            manifest=$(blob manifest)
            printf '{"schemaVersion":2,"manifests":[%s]}' \
              "$(descriptor manifest.v1+json $manifest)" > layout/index.json
            echo '{"imageLayoutVersion":"1.0.0"}' > layout/oci-layout
            rm -r one two
            """);
  }
}
