FROM 	 alpine   AS 	 x  
