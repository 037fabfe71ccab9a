FROM a
LABEL "com.example.vendor"="ACME Incorporated" version=1.0 empty="" \
 multi="one \
two"
