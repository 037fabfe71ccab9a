FROM a
RUN <<EOF
#!/usr/bin/env python3
print(1)
EOF
RUN <<-X
	#!/bin/sh
	X
