FROM a
RUN ab \  	
  cd
