From alpine
rUn true
Copy a b
