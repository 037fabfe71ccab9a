package dev.birgus.cli.settings;

import java.util.List;

/** Twelve builds that together do all a Dockerfile can do to files. */
final class SampleBuilds {

  private SampleBuilds() {}

  static final List<SampleBuild> ALL =
      List.of(
          new SampleBuild(
              "stages",
              "echo one >one; mkdir dir; echo two >dir/two",
              """
              ARG WORD=crab
              FROM base AS first
              ARG WORD
              COPY one /in/
              RUN echo "$WORD" >/in/word && cat /in/one >>/in/word
              FROM base AS unused
              RUN exit 9
              FROM first AS second
              RUN mkdir /out && cp /in/word /out/ && rm /in/one
              COPY dir /out/dir
              FROM scratch AS bare
              COPY --from=second /out /
              FROM base
              ENV A=b C="d e"
              COPY --from=bare / /data/
              COPY --from=first /in/word /data/first
              RUN test ! -e /in && cat /data/word >/data/again
              CMD ["cat", "/data/again"]
              """),
          new SampleBuild(
              "copy-and-add",
              """
              mkdir -p src/deep/er src/empty tree/x/y more
              echo text >src/deep/er/file; chmod 600 src/deep/er/file
              echo left >src/left.out; echo '**/left.out' >.dockerignore
              ln -s deep/er/file src/link; ln -s /nowhere src/broken
              printf '#!/bin/sh\\necho tool\\n' >tool.sh; chmod 4755 tool.sh
              for i in 1 2 3; do echo $i >more/$i.txt; done
              echo y >tree/x/y/z; ln tree/x/y/z tree/x/hard; chmod 711 tree/x
              tar --numeric-owner --owner=77 --group=88 -C tree -czf tree.tar.gz .; rm -r tree
              """,
              """
              FROM base
              COPY src/ /src/
              COPY --chown=app:extra --chmod=640 src/deep /owned
              COPY --chown=12345:54321 more/*.txt /more/
              COPY --parents src/./deep/er/file /parents/
              COPY --link tool.sh /usr/local/bin/tool
              COPY --exclude=deep src /excluded/
              ADD tree.tar.gz /unpacked/
              ADD --chmod=u=rwx,go= tool.sh /opt/
              COPY <<EOF /etc/motd
              a heredoc
              EOF
              RUN /usr/local/bin/tool >/tool.out && find /src /owned /more /unpacked \\
                  | sort | xargs stat -c '%n %a %u:%g' >/listing
              """),
          new SampleBuild(
              "users-and-setuid",
              "echo mine >mine",
              """
              FROM base
              RUN echo 'crab:x:4242:4242::/home/crab:/bin/sh' >>/etc/passwd && mkdir /home/crab && chown 4242 /home/crab
              RUN cp /bin/busybox /usr/bin/gets && chmod 4755 /usr/bin/gets && chown 0:3456 /usr/bin/gets \\
                  && mkdir -m 3770 /shared && chown app:extra /shared && chmod 1777 /tmp
              USER app
              WORKDIR /home/app/work
              RUN id >/tmp/id && umask >>/tmp/id && touch ~/made 2>/dev/null || echo refused >>/tmp/id
              RUN echo hers >/shared/hers && stat -c %a:%u:%g /shared >>/tmp/id
              USER 7:8
              RUN id >/tmp/numbers; echo "$HOME" >>/tmp/numbers
              USER crab
              RUN echo ~ >~/home; id -u >>~/home
              USER root
              COPY --chown=crab mine /home/crab/
              RUN chown 60000:65000 /home/crab/mine && chmod 6711 /home/crab/mine
              """),
          new SampleBuild(
              "hard-links",
              "mkdir d; echo a >d/a; ln d/a d/b",
              """
              FROM base
              COPY d /copied
              RUN mkdir /links && cd /links && echo one >one && ln one two && ln two three
              RUN echo single >/links/single
              RUN ln /links/single /links/double
              RUN rm /links/two && ln -s one /links/soft
              RUN mkdir /else && mv /links/soft /else/ && echo new >/links/new && ln /links/new /else/new
              RUN rm -r /links && ln /else/new /else/newer
              """),
          new SampleBuild(
              "whiteouts",
              "mkdir -p t/a/b t/c t/d; for f in a/1 a/b/2 c/3 d/4 5 6; do echo $f >t/$f; done",
              """
              FROM base
              COPY t /t
              RUN rm /t/5 && rm -r /t/c
              RUN rm -r /t/a && mkdir /t/a && echo new >/t/a/new
              RUN rm -r /t/d && echo file >/t/d
              RUN rm /t/6 && mkdir -p /t/6/x
              RUN rm -r /t/6 && ln -s a /t/6
              RUN rm -r /t/a && mkdir -p /t/a/b && echo again >/t/a/b/2 && rm -r /t/a/b
              RUN rm /bin/vi && rm -rf /home && mkdir /home
              RUN echo gone >/t/gone && rm /t/gone
              """),
          new SampleBuild(
              "renames",
              "mkdir -p t/d/e; echo 1 >t/d/e/f; echo 2 >t/g; echo 3 >t/h",
              """
              FROM base
              COPY t /t
              RUN mv /t/d /t/moved
              RUN mv /t/g /t/x && mv /t/h /t/g && mv /t/x /t/h
              RUN mv /t/moved /t/d && mv /t/d/e /e
              RUN mkdir /new && mv /e /new/e && mv /new /newer
              RUN mv /newer/e/f /newer/e/f.tmp && mv /newer/e/f.tmp /newer/e/f
              """),
          new SampleBuild(
              "attributes",
              "echo same >same; echo x >x",
              """
              FROM tools
              COPY same x /f/
              RUN chmod 600 /f/same
              RUN chown 1:2 /f/x
              RUN touch -r /f/x /ref && echo y >/f/x && touch -r /ref /f/x && rm /ref
              RUN cp /bin/true /f/capable && setcap cap_net_raw+ep /f/capable && getcap /f/capable >/f/caps
              RUN setfattr -n user.colour -v blue /f/same && getfattr -d --absolute-names /f/same >/f/attrs
              RUN setcap cap_chown=ep /f/capable && setfattr -x user.colour /f/same
              RUN chmod 600 /f/x && chmod 644 /f/x
              RUN cp --preserve=all /f/capable /f/copy && chmod 0 /f/copy
              """),
          new SampleBuild(
              "devices-and-proc",
              "true",
              """
              FROM base
              RUN for d in null zero full random urandom tty; do test -c /dev/$d || exit 1; done
              RUN echo lost >/dev/null && head -c 4 /dev/zero | od -c >/zeros && head -c 9 /dev/urandom | wc -c >>/zeros
              RUN echo out >/dev/stdout && echo err >/dev/stderr && cat /dev/stdin >/empty
              RUN readlink /proc/self/exe >/exe && sed -n 's/^Name:\\t//p' /proc/self/status >>/exe
              RUN test -d /proc/$$ && tr '\\0' ' ' </proc/self/cmdline >/cmdline && test -r /proc/meminfo
              RUN echo x | tee /dev/fd/1 >/fds; ls /proc/self/fd | head -n 3 >>/fds
              RUN mkfifo /pipe && (echo through >/pipe &) && cat </pipe >/through && mkfifo -m 600 /kept
              RUN mkdir -p /dev/shm && echo x >/dev/shm/x; test -e /sys; cat /etc/hosts >/dev/null
              """),
          new SampleBuild(
              "linked-directories",
              "mkdir d; echo in >d/in",
              """
              FROM base
              RUN mkdir -p /real/sub /usr/lib && ln -s real /rel && ln -s /real/sub /abs && ln -s usr/lib /lib
              COPY d /rel/
              COPY d/in /abs/copied
              COPY d/in /lib/in
              WORKDIR /rel/work
              RUN echo here >here && pwd >where && pwd -P >>where
              RUN echo through >/abs/through && rm /rel/in && mkdir /lib/made
              RUN rm /rel && mkdir /rel && echo apart >/rel/apart
              WORKDIR /abs
              RUN ln -s ../../etc/passwd up && cat up >/dev/null && ls >../list
              """),
          new SampleBuild(
              "shells-and-daemons",
              "true",
              """
              FROM tools
              SHELL ["/bin/bash", "-c"]
              WORKDIR /made/on/the/way
              RUN cat <(echo one) <(echo two) >both && pwd >here
              RUN (sleep 1000 & echo started) >said; nohup setsid sleep 1000 >/dev/null 2>&1 &
              RUN <<EOF
              set -e
              x=1
              for i in a b; do echo "$x $i" >>loop; done
              EOF
              RUN <<EOF cat >from-heredoc
              as input
              EOF
              ENV GREETING="hello there" PATH=/made:$PATH
              RUN env | grep -v '^_=' | sort >environment; shopt -s extglob; echo "${GREETING^^}" >upper
              RUN ["bash", "-c", "echo $0 >exec-form"]
              RUN trap '' TERM; for i in 1 2 3; do (exec -a odd sleep 1000) & done; echo $! | wc -w >jobs
              """),
          new SampleBuild(
              "names-and-bytes",
              """
              printf 'caf\\351 \\377\\376 bytes' >latin; mkdir "with space"; echo q >"with space/it's"
              """,
              """
              FROM base
              COPY latin /n/
              COPY ["with space", "/n/with space/"]
              RUN cd /n && touch -- "$(printf 'caf\\351')" "$(printf 'new\\nline')" 'tab\tin' 'ünïcode' '-dash' '.wh'
              RUN cd /n && d=$(printf 'x%.0s' $(seq 200)) && mkdir -p $d/$d && echo deep >$d/$d/$d && ln -s $d/$d/$d long
              RUN rm "/n/$(printf 'caf\\351')" && mv "/n/ünïcode" "/n/$(printf '\\374')"
              RUN printf 'line\\r\\n\\000\\377' >/n/binary && printf '\\033[31mred\\377\\n'
              """),
          new SampleBuild(
              "sparse-and-many",
              "mkdir m; for i in $(seq 300); do echo $i >m/$i; done",
              """
              FROM base
              COPY m /m
              RUN dd if=/dev/zero of=/sparse bs=1 count=1 seek=20000000 2>/dev/null && echo end >>/sparse
              RUN mkdir -p /many && for i in $(seq 400); do mkdir /many/$i && echo $i >/many/$i/f; done
              RUN rm -r /many/1* && find /m -name '*7' -exec rm {} + && mkdir -m 555 /ro && mkdir -m 0 /none
              RUN truncate -s 5000000 /sparse && mkdir -p /empty/er && touch /empty/er/zero
              RUN echo more >>/sparse && chmod 400 /sparse
              """));
}
